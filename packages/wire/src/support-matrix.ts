/** What of AWS's models is honoured and what refused: every operation, and every member of the input of those that Tripline has. */
import type { Operation, Service } from "@tripline/kernel";
import { loadModel, serviceFacts } from "./model/models.ts";
import type { OperationModel } from "./model/service-model.ts";
import { isHonouredByWire } from "./member-support.ts";
import { postObjectName } from "./s3/post-object.ts";

/** An operation that Tripline has. Members are top-level ones, and with dots nested ones where only part of a member is honoured. */
export interface OperationSupport {
  honoured: readonly string[];
  /** Member -> why. */
  refused: Readonly<Record<string, string>>;
  /** Members of AWS's input that are in neither list: the endpoint refuses them, but nobody has thought about them. */
  unaccounted: readonly string[];
}

/** Service -> operation -> what of it is supported; undefined where all of it is refused. */
export type SupportMatrix = Readonly<Record<string, Readonly<Record<string, OperationSupport | undefined>>>>;

/** The matrix of `services`, by the models. */
export async function createSupportMatrix(services: ReadonlyMap<string, Service>): Promise<SupportMatrix> {
  const matrix: Record<string, Record<string, OperationSupport | undefined>> = {};
  for (const id of Array.from(serviceFacts.keys()).toSorted()) {
    const model = await loadModel(id);
    if (model === undefined) continue;
    const ours = await services.get(id)?.load();
    const rows: Record<string, OperationSupport | undefined> = {};
    for (const name of Array.from(model.operations.keys()).toSorted()) {
      const operation = ours?.get(name);
      rows[name] = operation === undefined ? undefined : supportOf(id, operation, model.operations.get(name));
    }
    for (const [name, operation] of ours ?? []) {
      if (model.operations.has(name)) continue;
      if (id !== "s3" || name !== postObjectName) throw new Error(`AWS's ${id} has no operation ${name}.`);
      rows[name] = { honoured: operation.honoured, refused: {}, unaccounted: [] };
    }
    matrix[id] = rows;
  }
  return matrix;
}

function supportOf(service: string, operation: Operation, model: OperationModel | undefined): OperationSupport {
  const members = model?.input?.members.map((member) => member.name) ?? [];
  const byWire = members.filter((name) => isHonouredByWire(service, name));
  const refused = operation.refused ?? {};
  // A name that AWS's input does not have is one by which a template keeps what it made once: no client can send it.
  const honoured = [...new Set([...operation.honoured, ...byWire])].filter(
    (name) => refused[name] === undefined && isMember(model, name.split(".")),
  );
  const named = new Set([...honoured, ...Object.keys(refused)].map((path) => path.split(".")[0] ?? ""));
  return {
    honoured: honoured.toSorted(),
    refused,
    unaccounted: [...members.filter((name) => !named.has(name)), ...partlyUnaccounted(operation, model)],
  };
}

/** Whether AWS's input has the member at `path`. */
function isMember(model: OperationModel | undefined, path: readonly string[]): boolean {
  let shape = structureIn(model?.input);
  for (const [index, name] of path.entries()) {
    const member = shape?.byName.get(name);
    if (member === undefined) return false;
    shape = structureIn(member.shape);
    if (shape === undefined && index < path.length - 1) return false;
  }
  return true;
}

/** Where only nested members are honoured, those of its siblings that are in neither list. */
function partlyUnaccounted(operation: Operation, model: OperationModel | undefined): string[] {
  const paths = [...operation.honoured, ...Object.keys(operation.refused ?? {})];
  const parents = new Set(
    operation.honoured.flatMap((path) => {
      const steps = path.split(".");
      return steps.slice(1).map((_, index) => steps.slice(0, index + 1).join("."));
    }),
  );
  return [...parents]
    .filter((parent) => !operation.honoured.includes(parent))
    .flatMap((parent) => {
      const shape = structureAt(model, parent.split("."));
      return (shape?.members ?? [])
        .map((member) => `${parent}.${member.name}`)
        .filter((path) => !paths.some((one) => one === path || one.startsWith(`${path}.`)));
    });
}

type AnyShape = NonNullable<OperationModel["input"]>["members"][number]["shape"];

function structureAt(model: OperationModel | undefined, path: readonly string[]): ReturnType<typeof structureIn> {
  let shape = structureIn(model?.input);
  for (const name of path) {
    const member = shape?.byName.get(name);
    if (member === undefined) return undefined;
    shape = structureIn(member.shape);
  }
  return shape;
}

/** The structure that `shape` is, or holds as items or values: names have no step for those. */
function structureIn(shape: AnyShape | undefined): OperationModel["input"] {
  switch (shape?.kind) {
    case "structure":
      return shape;
    case "list":
      return structureIn(shape.item);
    case "map":
      return structureIn(shape.value);
    default:
      return undefined;
  }
}

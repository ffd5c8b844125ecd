import type { MapNode, Place } from "../../read/template-node.ts";
import type { PropertyTable } from "../../shapes/shape.ts";
import type { PlannedResource } from "../../template-plan.ts";
import type { PlanContext } from "../resource-type.ts";

/** One event of a SAM function. */
export interface FunctionEvent {
  /** `Post` */
  name: string;
  /** `Events.Post` */
  path: string;
  /** The logical id of what SAM makes out of it: `TakeOrderPost`. */
  logicalId: string;
  place: Place;
  properties: MapNode;
}

/** A kind of event. It plans resources of its own, or adds to an API or a bucket. */
export interface EventType {
  readonly type: string;
  readonly properties: PropertyTable;
  plan(event: FunctionEvent, context: PlanContext): PlannedResource[];
}

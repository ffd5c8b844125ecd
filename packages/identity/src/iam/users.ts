/** CreateUser, GetUser, ListUsers, UpdateUser, DeleteUser. */
import { type Operation, toIamId } from "@tripline/kernel";
import type { Entities, User } from "../entities.ts";
import { deleteConflict, validationError } from "../errors.ts";
import type { IdentityHouse } from "../house.ts";
import { checkName, checkPath, fromTags, type PageInput, type Tag, takePage, toTags } from "../input-checks.ts";
import { limits } from "../limits.ts";
import { showBoundary, toBoundary } from "./permissions-boundaries.ts";

/** A user as the API shows it. Lists leave out tags and the boundary. */
export function showUser(entities: Entities, user: User, isListed = false): object {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: entities.toArn("User", user),
    CreateDate: new Date(user.createdMs),
    ...(isListed
      ? {}
      : { ...showBoundary(user), ...(Object.keys(user.tags).length === 0 ? {} : { Tags: fromTags(user.tags) }) }),
  };
}

/** The operations on users themselves. */
export function userOperations({ clock, entities, scope, sessions }: IdentityHouse): readonly Operation[] {
  const { users } = entities;
  const createUser: Operation<{ UserName: string; Path?: string; PermissionsBoundary?: string; Tags?: Tag[] }> = {
    name: "CreateUser",
    honoured: ["UserName", "Path", "PermissionsBoundary", "Tags"],
    async run({ UserName, Path = "/", PermissionsBoundary, Tags }, context) {
      checkName(UserName, "userName", limits.nameMax.User);
      checkPath(Path);
      const tags = toTags(Tags);
      const boundary = PermissionsBoundary === undefined ? undefined : toBoundary(entities, PermissionsBoundary);
      const existing = context.upsert === true ? users.find(UserName) : undefined;
      if (existing === undefined) users.refuseTaken(UserName);
      const user: User = {
        name: UserName,
        path: Path,
        id: existing?.id ?? toIamId("AIDA", entities.toArn("User", { path: Path, name: UserName })),
        createdMs: existing?.createdMs ?? clock.now(),
        inline: existing?.inline ?? {},
        attached: existing?.attached ?? [],
        groups: existing?.groups ?? [],
        accessKeys: existing?.accessKeys ?? [],
        ...(boundary === undefined ? {} : { boundary }),
        tags,
      };
      await users.save(user);
      return { User: showUser(entities, user) };
    },
  };
  const getUser: Operation<{ UserName?: string }> = {
    name: "GetUser",
    honoured: ["UserName"],
    async run({ UserName }, context) {
      const caller = sessions.callerOf(context);
      const name = UserName ?? caller.userName;
      if (name !== undefined) return { User: showUser(entities, users.get(name)) };
      if (caller.kind !== "root") throw validationError("Must specify userName when calling with non-User credentials");
      return { User: { UserId: scope.accountId, Arn: caller.arn, CreateDate: new Date(0) } };
    },
  };
  const listUsers: Operation<PageInput & { PathPrefix?: string }> = {
    name: "ListUsers",
    honoured: ["PathPrefix", "Marker", "MaxItems"],
    async run({ PathPrefix = "/", ...page }) {
      const found = users.list().filter((user) => user.path.startsWith(PathPrefix));
      const [items, more] = takePage(found, page);
      return { Users: items.map((user) => showUser(entities, user, true)), ...more };
    },
  };
  const updateUser: Operation<{ UserName: string; NewPath?: string; NewUserName?: string }> = {
    name: "UpdateUser",
    honoured: ["UserName", "NewPath", "NewUserName"],
    async run({ UserName, NewPath, NewUserName = UserName }) {
      const user = users.get(UserName);
      checkName(NewUserName, "newUserName", limits.nameMax.User);
      checkPath(NewPath ?? user.path);
      if (NewUserName.toLowerCase() !== UserName.toLowerCase()) users.refuseTaken(NewUserName);
      await Promise.all([
        users.delete(UserName),
        users.save({ ...user, name: NewUserName, path: NewPath ?? user.path }),
      ]);
    },
  };
  const deleteUser: Operation<{ UserName: string }> = {
    name: "DeleteUser",
    honoured: ["UserName"],
    async run({ UserName }) {
      const { accessKeys, attached, groups, inline } = users.get(UserName);
      if (accessKeys.length > 0) throw deleteConflict("Cannot delete entity, must delete access keys first.");
      if (attached.length > 0) throw deleteConflict("Cannot delete entity, must detach all policies first.");
      if (Object.keys(inline).length > 0) throw deleteConflict("Cannot delete entity, must delete policies first.");
      if (groups.length > 0) throw deleteConflict("Cannot delete entity, must remove users from group first.");
      await users.delete(UserName);
    },
  };
  return [createUser, getUser, listUsers, updateUser, deleteUser];
}

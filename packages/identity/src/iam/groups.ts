/** CreateGroup, GetGroup, ListGroups, UpdateGroup, DeleteGroup, AddUserToGroup, RemoveUserFromGroup, ListGroupsForUser. */
import { type Operation, toIamId } from "@tripline/kernel";
import type { Entities, Principal } from "../entities.ts";
import { deleteConflict, limitExceeded } from "../errors.ts";
import type { IdentityHouse } from "../house.ts";
import { checkName, checkPath, type PageInput, takePage } from "../input-checks.ts";
import { limits } from "../limits.ts";
import { showUser } from "./users.ts";

function showGroup(entities: Entities, group: Principal): object {
  return {
    Path: group.path,
    GroupName: group.name,
    GroupId: group.id,
    Arn: entities.toArn("Group", group),
    CreateDate: new Date(group.createdMs),
  };
}

interface MembershipInput {
  GroupName: string;
  UserName: string;
}

/** The operations on groups themselves, and on who is in them. */
export function groupOperations({ clock, entities }: IdentityHouse): readonly Operation[] {
  const { groups, users } = entities;
  const createGroup: Operation<{ GroupName: string; Path?: string }> = {
    name: "CreateGroup",
    honoured: ["GroupName", "Path"],
    async run({ GroupName, Path = "/" }, context) {
      checkName(GroupName, "groupName", limits.nameMax.Group);
      checkPath(Path);
      const existing = context.upsert === true ? groups.find(GroupName) : undefined;
      if (existing === undefined) groups.refuseTaken(GroupName);
      const group: Principal = {
        name: GroupName,
        path: Path,
        id: existing?.id ?? toIamId("AGPA", entities.toArn("Group", { path: Path, name: GroupName })),
        createdMs: existing?.createdMs ?? clock.now(),
        inline: existing?.inline ?? {},
        attached: existing?.attached ?? [],
      };
      await groups.save(group);
      return { Group: showGroup(entities, group) };
    },
  };
  const getGroup: Operation<PageInput & { GroupName: string }> = {
    name: "GetGroup",
    honoured: ["GroupName", "Marker", "MaxItems"],
    async run({ GroupName, ...page }) {
      const group = groups.get(GroupName);
      const members = users.list().filter((user) => user.groups.includes(GroupName));
      const [items, more] = takePage(members, page);
      return { Group: showGroup(entities, group), Users: items.map((user) => showUser(entities, user, true)), ...more };
    },
  };
  const listGroups: Operation<PageInput & { PathPrefix?: string }> = {
    name: "ListGroups",
    honoured: ["PathPrefix", "Marker", "MaxItems"],
    async run({ PathPrefix = "/", ...page }) {
      const found = groups.list().filter((group) => group.path.startsWith(PathPrefix));
      const [items, more] = takePage(found, page);
      return { Groups: items.map((group) => showGroup(entities, group)), ...more };
    },
  };
  const updateGroup: Operation<{ GroupName: string; NewPath?: string; NewGroupName?: string }> = {
    name: "UpdateGroup",
    honoured: ["GroupName", "NewPath", "NewGroupName"],
    async run({ GroupName, NewPath, NewGroupName = GroupName }) {
      const group = groups.get(GroupName);
      checkName(NewGroupName, "newGroupName", limits.nameMax.Group);
      checkPath(NewPath ?? group.path);
      if (NewGroupName.toLowerCase() !== GroupName.toLowerCase()) groups.refuseTaken(NewGroupName);
      const members = users.list().filter((user) => user.groups.includes(GroupName));
      await Promise.all([
        groups.delete(GroupName),
        groups.save({ ...group, name: NewGroupName, path: NewPath ?? group.path }),
        ...members.map((user) =>
          users.save({ ...user, groups: user.groups.map((one) => (one === GroupName ? NewGroupName : one)) }),
        ),
      ]);
    },
  };
  const deleteGroup: Operation<{ GroupName: string }> = {
    name: "DeleteGroup",
    honoured: ["GroupName"],
    async run({ GroupName }) {
      const { attached, inline } = groups.get(GroupName);
      if (users.list().some((user) => user.groups.includes(GroupName))) {
        throw deleteConflict("Cannot delete entity, must remove users from group first.");
      }
      if (attached.length > 0) throw deleteConflict("Cannot delete entity, must detach all policies first.");
      if (Object.keys(inline).length > 0) throw deleteConflict("Cannot delete entity, must delete policies first.");
      await groups.delete(GroupName);
    },
  };
  const addUserToGroup: Operation<MembershipInput> = {
    name: "AddUserToGroup",
    honoured: ["GroupName", "UserName"],
    async run({ GroupName, UserName }) {
      groups.get(GroupName);
      const user = users.get(UserName);
      if (user.groups.includes(GroupName)) return;
      if (user.groups.length >= limits.groupsPerUserMax) {
        throw limitExceeded(`Cannot exceed quota for GroupsPerUser: ${limits.groupsPerUserMax}`);
      }
      await users.save({ ...user, groups: [...user.groups, GroupName] });
    },
  };
  const removeUserFromGroup: Operation<MembershipInput> = {
    name: "RemoveUserFromGroup",
    honoured: ["GroupName", "UserName"],
    async run({ GroupName, UserName }) {
      groups.get(GroupName);
      const user = users.get(UserName);
      await users.save({ ...user, groups: user.groups.filter((one) => one !== GroupName) });
    },
  };
  const listGroupsForUser: Operation<PageInput & { UserName: string }> = {
    name: "ListGroupsForUser",
    honoured: ["UserName", "Marker", "MaxItems"],
    async run({ UserName, ...page }) {
      const [items, more] = takePage(users.get(UserName).groups, page);
      return { Groups: items.map((name) => showGroup(entities, groups.get(name))), ...more };
    },
  };
  return [
    createGroup,
    getGroup,
    listGroups,
    updateGroup,
    deleteGroup,
    addUserToGroup,
    removeUserFromGroup,
    listGroupsForUser,
  ];
}

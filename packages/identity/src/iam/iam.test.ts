import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestIdentity, startMs, type TestIdentity } from "../testing/test-identity.ts";

let house: TestIdentity;
beforeEach(async () => {
  house = await createTestIdentity();
});
afterEach(() => {
  house.database.close();
});

const account = "000000000000";
const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
const policyOf = (...statements: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const document = policyOf(statement);
const trust = policyOf({ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" });
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[()*!']/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
const policyArn = `arn:aws:iam::${account}:policy/read`;
const awsManaged = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
const createRole = (RoleName = "worker", more: object = {}): Promise<Record<string, unknown>> =>
  house.call("CreateRole", { RoleName, AssumeRolePolicyDocument: trust, ...more });
const createPolicy = (PolicyName = "read", PolicyDocument = document): Promise<Record<string, unknown>> =>
  house.call("CreatePolicy", { PolicyName, PolicyDocument });

describe("roles", () => {
  it("CreateRole makes one that GetRole shows, with the trust policy percent-encoded", async () => {
    const Role = {
      Path: "/a/b/",
      RoleName: "worker",
      RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/) as string,
      Arn: `arn:aws:iam::${account}:role/a/b/worker`,
      CreateDate: new Date(startMs),
      AssumeRolePolicyDocument: encode(trust),
      Description: "works",
      MaxSessionDuration: 7200,
      PermissionsBoundary: { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: awsManaged },
      Tags: [{ Key: "team", Value: "shop" }],
    };
    const more = {
      Path: "/a/b/",
      Description: "works",
      MaxSessionDuration: 7200,
      PermissionsBoundary: awsManaged,
      Tags: [{ Key: "team", Value: "shop" }],
    };
    expect(await createRole("worker", more)).toEqual({ Role });
    expect(await house.call("GetRole", { RoleName: "worker" })).toEqual({ Role: { ...Role, RoleLastUsed: {} } });
    expect(await (await createTestIdentity(house.database)).call("GetRole", { RoleName: "worker" })).toEqual({
      Role: { ...Role, RoleLastUsed: {} },
    });
  });

  it.each([
    [
      { RoleName: "a b" },
      "ValidationError 400: The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-",
    ],
    [
      { RoleName: "x".repeat(65) },
      `ValidationError 400: 1 validation error detected: Value '${"x".repeat(65)}' at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64`,
    ],
    [{ RoleName: "Worker" }, "EntityAlreadyExists 409: Role with name Worker already exists."],
    [
      { Path: "a" },
      "ValidationError 400: The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.",
    ],
    [
      { MaxSessionDuration: 1 },
      "ValidationError 400: 1 validation error detected: Value '1' at 'maxSessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 3600",
    ],
    [{ AssumeRolePolicyDocument: "{" }, "MalformedPolicyDocument 400: This policy contains invalid Json"],
    [{ AssumeRolePolicyDocument: document }, "MalformedPolicyDocument 400: Has prohibited field Resource"],
    [
      { AssumeRolePolicyDocument: policyOf({ Effect: "Allow", Action: "sts:AssumeRole" }) },
      "MalformedPolicyDocument 400: Missing required field Principal",
    ],
    [
      { AssumeRolePolicyDocument: policyOf({ Effect: "Allow", Principal: "*", Action: "s3:Get" }) },
      "MalformedPolicyDocument 400: AssumeRole policy may only specify STS AssumeRole actions.",
    ],
    [
      { PermissionsBoundary: policyArn },
      `NoSuchEntity 404: Scope ARN: ${policyArn} does not exist or is not attachable.`,
    ],
    [
      {
        Tags: [
          { Key: "a", Value: "" },
          { Key: "A", Value: "" },
        ],
      },
      "ValidationError 400: Duplicate tag keys found. Please note that Tag keys are case insensitive.",
    ],
  ])("CreateRole refuses %j", async (input, expected) => {
    await createRole();
    expect(await house.errorOf("CreateRole", { RoleName: "other", AssumeRolePolicyDocument: trust, ...input })).toBe(
      expected,
    );
  });

  it("ListRoles selects by path and goes on from its marker", async () => {
    for (const name of ["c", "a", "b"]) await createRole(name, { Path: name === "b" ? "/x/" : "/" });
    const names = ({ Roles }: Record<string, unknown>): string[] =>
      (Roles as { RoleName: string }[]).map((one) => one.RoleName);
    const first = await house.call("ListRoles", { MaxItems: 2 });
    expect([names(first), first["IsTruncated"]]).toEqual([["a", "b"], true]);
    const second = await house.call("ListRoles", { MaxItems: 2, Marker: first["Marker"] });
    expect([names(second), second["IsTruncated"], second["Marker"]]).toEqual([["c"], false, undefined]);
    expect(names(await house.call("ListRoles", { PathPrefix: "/x" }))).toEqual(["b"]);
    expect(await house.errorOf("ListRoles", { MaxItems: 1001 })).toBe(
      "ValidationError 400: 1 validation error detected: Value '1001' at 'maxItems' failed to satisfy constraint: Member must have value less than or equal to 1000",
    );
    expect(await house.errorOf("ListRoles", { Marker: "x" })).toBe("ValidationError 400: Invalid Marker.");
  });

  it("a role is changed, and deleted once nothing hangs on it", async () => {
    await createRole("worker", { Description: "before" });
    await house.call("UpdateRole", { RoleName: "worker", MaxSessionDuration: 7200 });
    const other = policyOf({ Effect: "Allow", Principal: { AWS: account }, Action: "sts:AssumeRole" });
    await house.call("UpdateAssumeRolePolicy", { RoleName: "worker", PolicyDocument: other });
    const { Role } = await house.call<{ Role: object }>("GetRole", { RoleName: "worker" });
    expect(Role).toMatchObject({ MaxSessionDuration: 7200, AssumeRolePolicyDocument: encode(other) });
    expect(Role).not.toHaveProperty("Description");
    await house.call("UpdateRoleDescription", { RoleName: "worker", Description: "after" });
    await house.call("AttachRolePolicy", { RoleName: "worker", PolicyArn: awsManaged });
    await house.call("PutRolePolicy", { RoleName: "worker", PolicyName: "p", PolicyDocument: document });
    const remove = { RoleName: "worker" };
    expect(await house.errorOf("DeleteRole", remove)).toBe(
      "DeleteConflict 409: Cannot delete entity, must detach all policies first.",
    );
    await house.call("DetachRolePolicy", { RoleName: "worker", PolicyArn: awsManaged });
    expect(await house.errorOf("DeleteRole", remove)).toBe(
      "DeleteConflict 409: Cannot delete entity, must delete policies first.",
    );
    await house.call("DeleteRolePolicy", { RoleName: "worker", PolicyName: "p" });
    expect(await house.call("ListInstanceProfilesForRole", remove)).toEqual({
      InstanceProfiles: [],
      IsTruncated: false,
    });
    await house.call("DeleteRole", remove);
    expect(await house.errorOf("GetRole", remove)).toBe("NoSuchEntity 404: The role with name worker cannot be found.");
  });

  it("CreateRole with upsert takes the new settings and keeps id and policies", async () => {
    const { Role: before } = await createRole("worker", { Description: "old", Tags: [{ Key: "a", Value: "1" }] });
    await house.call("AttachRolePolicy", { RoleName: "worker", PolicyArn: awsManaged });
    const input = { RoleName: "worker", AssumeRolePolicyDocument: trust, MaxSessionDuration: 7200 };
    const { Role } = await house.call<{ Role: Record<string, unknown> }>("CreateRole", input, {}, { upsert: true });
    expect([Role["RoleId"], Role["Description"], Role["Tags"]]).toEqual([
      (before as { RoleId: string }).RoleId,
      undefined,
      undefined,
    ]);
    expect((await house.call("ListAttachedRolePolicies", { RoleName: "worker" }))["AttachedPolicies"]).toHaveLength(1);
  });

  it("tags and the permissions boundary are put and taken away", async () => {
    await createRole();
    await createPolicy();
    await house.call("TagRole", {
      RoleName: "worker",
      Tags: [
        { Key: "a", Value: "1" },
        { Key: "b", Value: "2" },
      ],
    });
    await house.call("UntagRole", { RoleName: "worker", TagKeys: ["a"] });
    expect(await house.call("ListRoleTags", { RoleName: "worker" })).toEqual({
      Tags: [{ Key: "b", Value: "2" }],
      IsTruncated: false,
    });
    await house.call("PutRolePermissionsBoundary", { RoleName: "worker", PermissionsBoundary: policyArn });
    expect((await house.call<{ Policy: object }>("GetPolicy", { PolicyArn: policyArn })).Policy).toMatchObject({
      PermissionsBoundaryUsageCount: 1,
    });
    await house.call("DeleteRolePermissionsBoundary", { RoleName: "worker" });
    expect(await house.errorOf("DeleteRolePermissionsBoundary", { RoleName: "worker" })).toBe(
      "NoSuchEntity 404: Role worker does not have a permissions boundary.",
    );
  });
});

describe("managed policies", () => {
  it("CreatePolicy makes one with a first version", async () => {
    const Policy = {
      PolicyName: "read",
      PolicyId: expect.stringMatching(/^ANPA[A-Z2-7]{17}$/) as string,
      Arn: policyArn,
      Path: "/",
      DefaultVersionId: "v1",
      AttachmentCount: 0,
      PermissionsBoundaryUsageCount: 0,
      IsAttachable: true,
      CreateDate: new Date(startMs),
      UpdateDate: new Date(startMs),
    };
    expect(await createPolicy()).toEqual({ Policy });
    expect(await house.call("ListPolicies", { Scope: "Local" })).toEqual({ Policies: [Policy], IsTruncated: false });
    expect(await house.call("ListPolicies", { OnlyAttached: true })).toEqual({ Policies: [], IsTruncated: false });
    expect(await house.call("GetPolicyVersion", { PolicyArn: policyArn, VersionId: "v1" })).toEqual({
      PolicyVersion: {
        Document: encode(document),
        VersionId: "v1",
        IsDefaultVersion: true,
        CreateDate: new Date(startMs),
      },
    });
    expect(await house.errorOf("CreatePolicy", { PolicyName: "read", PolicyDocument: document })).toBe(
      "EntityAlreadyExists 409: A policy called read already exists. Duplicate names are not allowed.",
    );
  });

  it.each([
    ["no json", "Syntax errors in policy."],
    [policyOf({ ...statement, Effect: "Maybe" }), "Syntax errors in policy."],
    [policyOf({ Effect: "Allow", Resource: "*" }), "Policy statement must contain actions."],
    [policyOf({ Effect: "Allow", Action: "s3:Get" }), "Policy statement must contain resources."],
    [
      policyOf({ ...statement, Action: "get" }),
      "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
    ],
    [policyOf({ ...statement, Resource: "bucket" }), 'Resource bucket must be in ARN format or "*".'],
    [policyOf({ ...statement, Principal: "*" }), "Policy document should not specify a principal."],
    [
      policyOf({ ...statement, Sid: "a" }, { ...statement, Sid: "a" }),
      "Statement IDs (SID) in a single policy must be unique.",
    ],
  ])("CreatePolicy refuses %s", async (PolicyDocument, message) => {
    expect(await house.errorOf("CreatePolicy", { PolicyName: "p", PolicyDocument })).toBe(
      `MalformedPolicyDocument 400: ${message}`,
    );
  });

  it("a policy has up to five versions, of which one is the default", async () => {
    await createPolicy();
    const version = (SetAsDefault: boolean): object => ({
      PolicyArn: policyArn,
      PolicyDocument: document,
      SetAsDefault,
    });
    for (const isDefault of [false, true, false, false]) await house.call("CreatePolicyVersion", version(isDefault));
    const { Versions } = await house.call<{ Versions: { VersionId: string; IsDefaultVersion: boolean }[] }>(
      "ListPolicyVersions",
      { PolicyArn: policyArn },
    );
    expect(Versions.map((one) => [one.VersionId, one.IsDefaultVersion])).toEqual([
      ["v5", false],
      ["v4", false],
      ["v3", true],
      ["v2", false],
      ["v1", false],
    ]);
    expect(await house.errorOf("CreatePolicyVersion", version(true))).toBe(
      "LimitExceeded 409: A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.",
    );
    expect(await house.errorOf("DeletePolicyVersion", { PolicyArn: policyArn, VersionId: "v3" })).toBe(
      "DeleteConflict 409: Cannot delete the default version of a policy.",
    );
    await house.call("SetDefaultPolicyVersion", { PolicyArn: policyArn, VersionId: "v5" });
    await house.call("DeletePolicyVersion", { PolicyArn: policyArn, VersionId: "v3" });
    expect(await house.errorOf("GetPolicyVersion", { PolicyArn: policyArn, VersionId: "v3" })).toBe(
      `NoSuchEntity 404: Policy ${policyArn} version v3 does not exist or is not attachable.`,
    );
    expect(await house.errorOf("DeletePolicy", { PolicyArn: policyArn })).toMatch(
      /^DeleteConflict 409: This policy has more than one version\./,
    );
  });

  it("CreatePolicy with upsert makes another document the default, and lets the oldest version go", async () => {
    for (let index = 0; index < 7; index++) {
      const PolicyDocument = policyOf({ ...statement, Sid: `s${Math.max(1, index)}` });
      await house.call("CreatePolicy", { PolicyName: "read", PolicyDocument }, {}, { upsert: true });
    }
    const { Versions } = await house.call<{ Versions: { VersionId: string; IsDefaultVersion: boolean }[] }>(
      "ListPolicyVersions",
      { PolicyArn: policyArn },
    );
    expect(Versions.map((one) => one.VersionId)).toEqual(["v6", "v5", "v4", "v3", "v2"]);
    expect(Versions[0]?.IsDefaultVersion).toBe(true);
  });

  it("attaching counts, is listed both ways, and keeps the policy from being deleted", async () => {
    await createPolicy();
    await createRole();
    await house.call("CreateUser", { UserName: "ada", PermissionsBoundary: policyArn });
    for (const PolicyArn of [policyArn, awsManaged, policyArn])
      await house.call("AttachRolePolicy", { RoleName: "worker", PolicyArn });
    expect(await house.call("ListAttachedRolePolicies", { RoleName: "worker" })).toEqual({
      AttachedPolicies: [
        { PolicyName: "read", PolicyArn: policyArn },
        { PolicyName: "AWSLambdaBasicExecutionRole", PolicyArn: awsManaged },
      ],
      IsTruncated: false,
    });
    const { PathPrefix: _none, ...filtered } = await house.call("ListAttachedRolePolicies", {
      RoleName: "worker",
      PathPrefix: "/service-role/",
    });
    expect(filtered["AttachedPolicies"]).toEqual([
      { PolicyName: "AWSLambdaBasicExecutionRole", PolicyArn: awsManaged },
    ]);
    expect(await house.call("ListEntitiesForPolicy", { PolicyArn: policyArn })).toEqual({
      PolicyGroups: [],
      PolicyUsers: [{ UserName: "ada", UserId: expect.any(String) as string }],
      PolicyRoles: [{ RoleName: "worker", RoleId: expect.any(String) as string }],
      IsTruncated: false,
    });
    expect(
      (await house.call("ListEntitiesForPolicy", { PolicyArn: policyArn, PolicyUsageFilter: "PermissionsPolicy" }))[
        "PolicyUsers"
      ],
    ).toEqual([]);
    expect(
      (await house.call("ListEntitiesForPolicy", { PolicyArn: policyArn, EntityFilter: "User" }))["PolicyRoles"],
    ).toEqual([]);
    expect(await house.errorOf("DeletePolicy", { PolicyArn: policyArn })).toBe(
      "DeleteConflict 409: Cannot delete a policy attached to entities.",
    );
    await house.call("DetachRolePolicy", { RoleName: "worker", PolicyArn: policyArn });
    expect(await house.errorOf("DetachRolePolicy", { RoleName: "worker", PolicyArn: policyArn })).toBe(
      `NoSuchEntity 404: Policy ${policyArn} was not found.`,
    );
    await house.call("DeleteUserPermissionsBoundary", { UserName: "ada" });
    await house.call("DeletePolicy", { PolicyArn: policyArn });
    expect(await house.errorOf("GetPolicy", { PolicyArn: policyArn })).toBe(
      `NoSuchEntity 404: Policy ${policyArn} was not found.`,
    );
  });

  it("attaching refuses policies that do not exist, texts that are no ARN, and an eleventh", async () => {
    await createRole();
    const attach = (PolicyArn: string): Promise<string> =>
      house.errorOf("AttachRolePolicy", { RoleName: "worker", PolicyArn });
    expect(await attach(policyArn)).toBe(`NoSuchEntity 404: Policy ${policyArn} does not exist or is not attachable.`);
    expect(await attach("read")).toBe("InvalidInput 400: ARN read is not valid.");
    for (let index = 0; index < 10; index++) {
      await house.call("AttachRolePolicy", { RoleName: "worker", PolicyArn: `arn:aws:iam::aws:policy/P${index}` });
    }
    expect(await attach(awsManaged)).toBe("LimitExceeded 409: Cannot exceed quota for PoliciesPerRole: 10");
    expect(await house.errorOf("GetPolicy", { PolicyArn: awsManaged })).toMatch(
      /^NotImplemented 501: Tripline does not simulate AWS-managed policies/,
    );
  });

  it("tags of policies are put and taken away", async () => {
    await createPolicy();
    await house.call("TagPolicy", { PolicyArn: policyArn, Tags: [{ Key: "a", Value: "1" }] });
    expect(await house.call("ListPolicyTags", { PolicyArn: policyArn })).toEqual({
      Tags: [{ Key: "a", Value: "1" }],
      IsTruncated: false,
    });
    await house.call("UntagPolicy", { PolicyArn: policyArn, TagKeys: ["A"] });
    expect(await house.call("ListPolicyTags", { PolicyArn: policyArn })).toEqual({ Tags: [], IsTruncated: false });
  });
});

describe("inline policies", () => {
  it.each(["Role", "User", "Group"])("of a %s are put, shown, listed and deleted", async (kind) => {
    const name = { [`${kind}Name`]: "x" };
    await house.call(`Create${kind}`, { ...name, ...(kind === "Role" ? { AssumeRolePolicyDocument: trust } : {}) });
    for (const PolicyName of ["b", "a"])
      await house.call(`Put${kind}Policy`, { ...name, PolicyName, PolicyDocument: document });
    expect(await house.call(`Get${kind}Policy`, { ...name, PolicyName: "a" })).toEqual({
      ...name,
      PolicyName: "a",
      PolicyDocument: encode(document),
    });
    expect(await house.call(`List${kind}Policies`, name)).toEqual({ PolicyNames: ["a", "b"], IsTruncated: false });
    await house.call(`Delete${kind}Policy`, { ...name, PolicyName: "a" });
    const noun = kind.toLowerCase();
    expect(await house.errorOf(`Get${kind}Policy`, { ...name, PolicyName: "a" })).toBe(
      `NoSuchEntity 404: The ${noun} policy with name a cannot be found.`,
    );
    expect(
      await house.errorOf(`Put${kind}Policy`, { [`${kind}Name`]: "y", PolicyName: "a", PolicyDocument: document }),
    ).toBe(`NoSuchEntity 404: The ${noun} with name y cannot be found.`);
    const large = policyOf({
      ...statement,
      Resource: Array.from({ length: 150 }, (_, index) => `arn:aws:s3:::${"b".repeat(60)}${index}`),
    });
    const max = { Role: 10_240, User: 2048, Group: 5120 }[kind];
    expect(await house.errorOf(`Put${kind}Policy`, { ...name, PolicyName: "c", PolicyDocument: large })).toBe(
      `LimitExceeded 409: Maximum policy size of ${max} bytes exceeded for ${noun} x`,
    );
  });
});

describe("users and groups", () => {
  it("users join groups, and neither is deleted while they hang together", async () => {
    await house.call("CreateUser", { UserName: "ada" });
    await house.call("CreateGroup", { GroupName: "ops", Path: "/g/" });
    await house.call("AddUserToGroup", { GroupName: "ops", UserName: "ada" });
    const Group = {
      Path: "/g/",
      GroupName: "ops",
      GroupId: expect.stringMatching(/^AGPA/) as string,
      Arn: `arn:aws:iam::${account}:group/g/ops`,
      CreateDate: new Date(startMs),
    };
    expect(await house.call("ListGroupsForUser", { UserName: "ada" })).toEqual({ Groups: [Group], IsTruncated: false });
    expect(await house.call("GetGroup", { GroupName: "ops" })).toMatchObject({ Group, Users: [{ UserName: "ada" }] });
    expect(await house.errorOf("DeleteUser", { UserName: "ada" })).toBe(
      "DeleteConflict 409: Cannot delete entity, must remove users from group first.",
    );
    expect(await house.errorOf("DeleteGroup", { GroupName: "ops" })).toBe(
      "DeleteConflict 409: Cannot delete entity, must remove users from group first.",
    );
    await house.call("UpdateGroup", { GroupName: "ops", NewGroupName: "Ops" });
    expect(await house.call("ListGroupsForUser", { UserName: "ada" })).toMatchObject({
      Groups: [{ GroupName: "Ops" }],
    });
    await house.call("RemoveUserFromGroup", { GroupName: "Ops", UserName: "ada" });
    await house.call("DeleteGroup", { GroupName: "Ops" });
    await house.call("UpdateUser", { UserName: "ada", NewUserName: "Ada", NewPath: "/p/" });
    expect(await house.call("ListUsers", { PathPrefix: "/p/" })).toMatchObject({ Users: [{ UserName: "Ada" }] });
    expect(await house.call("ListGroups")).toEqual({ Groups: [], IsTruncated: false });
    await house.call("DeleteUser", { UserName: "Ada" });
  });

  it("a user has two access keys at most, and they are about the caller where no user is named", async () => {
    await house.call("CreateUser", { UserName: "ada" });
    const { AccessKey } = await house.call<{ AccessKey: { AccessKeyId: string } }>("CreateAccessKey", {
      UserName: "ada",
    });
    await house.call("CreateAccessKey", {}, AccessKey);
    expect(await house.errorOf("CreateAccessKey", {}, AccessKey)).toBe(
      "LimitExceeded 409: Cannot exceed quota for AccessKeysPerUser: 2",
    );
    expect(await house.errorOf("CreateAccessKey")).toBe(
      "ValidationError 400: Must specify userName when calling with non-User credentials",
    );
    expect(await house.call("GetUser", {}, AccessKey)).toMatchObject({ User: { UserName: "ada" } });
    const { AccessKeyMetadata } = await house.call<{ AccessKeyMetadata: { AccessKeyId: string }[] }>(
      "ListAccessKeys",
      {},
      AccessKey,
    );
    expect(AccessKeyMetadata.map((one) => one.AccessKeyId)).toEqual([
      AccessKey.AccessKeyId,
      expect.stringMatching(/^AKIAQ/),
    ]);
    expect(await house.errorOf("DeleteUser", { UserName: "ada" })).toBe(
      "DeleteConflict 409: Cannot delete entity, must delete access keys first.",
    );
    for (const { AccessKeyId } of AccessKeyMetadata)
      await house.call("DeleteAccessKey", { UserName: "ada", AccessKeyId });
    expect(await house.errorOf("DeleteAccessKey", { UserName: "ada", AccessKeyId: "x" })).toBe(
      "NoSuchEntity 404: The Access Key with id x cannot be found.",
    );
    await house.call("DeleteUser", { UserName: "ada" });
  });
});

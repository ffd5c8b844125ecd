import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Credentials, createTestIdentity, startMs, type TestIdentity } from "../testing/test-identity.ts";

let house: TestIdentity;
beforeEach(async () => {
  house = await createTestIdentity();
});
afterEach(() => {
  house.database.close();
});

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }],
});
const account = "000000000000";
const roleArn = `arn:aws:iam::${account}:role/ops/deployer`;
const createRole = (more: object = {}): Promise<{ Role: { RoleId: string } }> =>
  house.call("CreateRole", { RoleName: "deployer", Path: "/ops/", AssumeRolePolicyDocument: trust, ...more });
const assume = (
  more: object = {},
  as: Partial<Credentials> = {},
): Promise<Record<string, unknown> & { Credentials: Credentials }> =>
  house.call("AssumeRole", { RoleArn: roleArn, RoleSessionName: "ada", ...more }, as);
const arnOf = async (as: Partial<Credentials>): Promise<unknown> =>
  (await house.call("GetCallerIdentity", {}, as))["Arn"];

describe("GetCallerIdentity", () => {
  it("is the root user for credentials that were not given out here", async () => {
    expect(await house.call("GetCallerIdentity")).toEqual({
      UserId: account,
      Account: account,
      Arn: `arn:aws:iam::${account}:root`,
    });
  });

  it("is the user whose access key it is, until that is switched off", async () => {
    const { User } = await house.call<{ User: { UserId: string } }>("CreateUser", { UserName: "ada", Path: "/team/" });
    const { AccessKey } = await house.call<{ AccessKey: Credentials }>("CreateAccessKey", { UserName: "ada" });
    expect(await house.call("GetCallerIdentity", {}, { AccessKeyId: AccessKey.AccessKeyId })).toEqual({
      UserId: User.UserId,
      Account: account,
      Arn: `arn:aws:iam::${account}:user/team/ada`,
    });
    const { AccessKeyId } = AccessKey;
    await house.call("UpdateAccessKey", { UserName: "ada", AccessKeyId, Status: "Inactive" });
    expect(await house.errorOf("GetCallerIdentity", {}, { AccessKeyId })).toBe(
      "InvalidClientTokenId 403: The security token included in the request is invalid.",
    );
  });

  it("is the function's session for a function's credentials, whether its role exists or not", async () => {
    const { Role } = await createRole();
    const known = house.identity.functionCredentials(roleArn, "import");
    const toCredentials = (one: typeof known): Partial<Credentials> => ({
      AccessKeyId: one.accessKeyId,
      SessionToken: one.sessionToken,
    });
    expect(await house.call("GetCallerIdentity", {}, toCredentials(known))).toEqual({
      UserId: `${Role.RoleId}:import`,
      Account: account,
      Arn: `arn:aws:sts::${account}:assumed-role/deployer/import`,
    });
    expect(house.identity.functionCredentials(roleArn, "import")).toBe(known);
    const unknown = house.identity.functionCredentials(`arn:aws:iam::${account}:role/nobody`, "import");
    expect(await arnOf(toCredentials(unknown))).toBe(`arn:aws:sts::${account}:assumed-role/nobody/import`);
  });
});

describe("AssumeRole", () => {
  it("gives credentials that are the role's session, until they expire on the clock", async () => {
    const { Role } = await createRole();
    const output = await assume({ DurationSeconds: 900, SourceIdentity: "ada.l" });
    expect(output).toEqual({
      Credentials: {
        AccessKeyId: expect.stringMatching(/^ASIAQ[A-Z2-7]{15}$/),
        SecretAccessKey: expect.stringMatching(/^[\w+/]{40}$/),
        SessionToken: expect.any(String),
        Expiration: new Date(startMs + 900_000),
      },
      AssumedRoleUser: {
        AssumedRoleId: `${Role.RoleId}:ada`,
        Arn: `arn:aws:sts::${account}:assumed-role/deployer/ada`,
      },
      SourceIdentity: "ada.l",
    });
    expect(await arnOf(output.Credentials)).toBe(`arn:aws:sts::${account}:assumed-role/deployer/ada`);
    const { AccessKeyId } = output.Credentials;
    expect(await house.errorOf("GetCallerIdentity", {}, { AccessKeyId, SessionToken: "x" })).toBe(
      "InvalidClientTokenId 403: The security token included in the request is invalid.",
    );
    await house.clock.advance(900_000);
    expect(await house.errorOf("GetCallerIdentity", {}, output.Credentials)).toBe(
      "ExpiredToken 403: The security token included in the request is expired",
    );
  });

  it("outlives a restart", async () => {
    await createRole();
    const { Credentials } = await assume();
    const later = await createTestIdentity(house.database);
    expect((await later.call("GetCallerIdentity", {}, Credentials))["Arn"]).toBe(
      `arn:aws:sts::${account}:assumed-role/deployer/ada`,
    );
  });

  it("keeps policies and tags with the session, and says how much of the room they take", async () => {
    await createRole();
    const Policy = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}';
    expect((await assume({ Policy, Tags: [{ Key: "a", Value: "b" }] }))["PackedPolicySize"]).toBe(5);
    await expect(assume({ Policy: "{" })).rejects.toMatchObject({ code: "MalformedPolicyDocument" });
  });

  it.each([
    [
      { RoleArn: "short" },
      "ValidationError 400: 1 validation error detected: Value 'short' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20",
    ],
    [{ RoleArn: "arn:aws:s3:::bucket-name-x" }, "ValidationError 400: arn:aws:s3:::bucket-name-x is invalid"],
    [
      { RoleSessionName: "a b" },
      "ValidationError 400: 1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    ],
    [
      { DurationSeconds: 899 },
      "ValidationError 400: 1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    ],
    [
      { DurationSeconds: 3601 },
      "ValidationError 400: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    ],
    [
      { RoleArn: `arn:aws:iam::${account}:role/deployer` },
      `AccessDenied 403: User: arn:aws:iam::${account}:root is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::${account}:role/deployer`,
    ],
  ])("refuses %j", async (input, expected) => {
    await createRole();
    expect(await house.errorOf("AssumeRole", { RoleArn: roleArn, RoleSessionName: "ada", ...input })).toBe(expected);
  });

  it("gives a role that assumes a role an hour at most", async () => {
    await createRole({ MaxSessionDuration: 43_200 });
    const { Credentials } = await assume({ DurationSeconds: 43_200 });
    expect(
      await house.errorOf(
        "AssumeRole",
        { RoleArn: roleArn, RoleSessionName: "ada", DurationSeconds: 3601 },
        Credentials,
      ),
    ).toBe(
      "ValidationError 400: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    );
  });
});

describe("sessions of one's own", () => {
  it("GetSessionToken gives the caller's own, for an hour to the root user, and none to a session", async () => {
    const { Credentials } = await house.call<{ Credentials: Credentials }>("GetSessionToken", {
      DurationSeconds: 7200,
    });
    expect(Credentials.Expiration).toEqual(new Date(startMs + 3_600_000));
    expect(await arnOf(Credentials)).toBe(`arn:aws:iam::${account}:root`);
    expect(await house.errorOf("GetSessionToken", {}, Credentials)).toBe(
      "AccessDenied 403: Cannot call GetSessionToken with session credentials",
    );
  });

  it("GetFederationToken gives a federated user", async () => {
    const output = await house.call<{ Credentials: Credentials; FederatedUser: object }>("GetFederationToken", {
      Name: "bob",
    });
    expect(output.FederatedUser).toEqual({
      FederatedUserId: `${account}:bob`,
      Arn: `arn:aws:sts::${account}:federated-user/bob`,
    });
    expect(await arnOf(output.Credentials)).toBe(`arn:aws:sts::${account}:federated-user/bob`);
  });
});

it("GetAccessKeyInfo reads the account out of a key", async () => {
  const info = (AccessKeyId: string): Promise<unknown> => house.call("GetAccessKeyInfo", { AccessKeyId });
  const { accessKeyId } = house.identity.functionCredentials(roleArn, "f");
  expect(await info(accessKeyId)).toEqual({ Account: account });
  expect(await info("ASIAQNZGKIQY56JQ7WML")).toEqual({ Account: "029608264753" });
  expect(await info("whatever_key_it_is")).toEqual({ Account: account });
  expect(await house.errorOf("GetAccessKeyInfo", { AccessKeyId: "short" })).toBe(
    "ValidationError 400: 1 validation error detected: Value 'short' at 'accessKeyId' failed to satisfy constraint: Member must have length greater than or equal to 16",
  );
});

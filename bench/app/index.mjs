export const hello = async () => ({ statusCode: 200, headers: { "content-type": "text/plain" }, body: "hello" });
export const guard = async () => ({
  principalId: "bench",
  policyDocument: {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" }],
  },
});
export const worker = async () => undefined;
export const listener = async () => undefined;

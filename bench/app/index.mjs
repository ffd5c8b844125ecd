export const hello = async () => ({ statusCode: 200, headers: { "content-type": "text/plain" }, body: "hello" });
export const worker = async () => undefined;
export const listener = async () => undefined;

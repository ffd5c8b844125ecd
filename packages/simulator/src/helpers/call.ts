import { type CallContext, findOperation, invariant, type Service } from "@tripline/kernel";

/** Calls an operation of `service` as the AWS API would. Rejects with AWS's own errors. */
export async function call<Output>(
  service: Service,
  name: string,
  input: object,
  context: CallContext,
): Promise<Output> {
  const operation = await findOperation(service, name);
  invariant(operation !== undefined, `H1: ${service.id} has the operation ${name}`);
  return (await operation.run(input as never, context)) as Output;
}

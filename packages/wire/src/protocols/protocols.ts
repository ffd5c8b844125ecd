import type { EndpointRequest } from "../endpoint-request.ts";
import { parseHost } from "../host-name.ts";
import type { ProtocolName, ServiceModel } from "../model/service-model.ts";
import type { RequestTarget } from "../route-request.ts";
import { type BucketAddress, toBucketAddress } from "../s3/bucket-address.ts";
import { createAwsJson } from "./aws-json.ts";
import { createAwsQuery } from "./aws-query.ts";
import { awsCbor, createCbor, rpcV2Cbor } from "./cbor.ts";
import type { Protocol } from "./protocol.ts";
import { createRestJson } from "./rest-json.ts";
import { createRestXml } from "./rest-xml.ts";

/** The protocol that a target is spoken in. */
export type Protocols = (target: RequestTarget) => Protocol | Promise<Protocol>;

/** Protocols, each built on first use. A service without a model gets one that knows no operation. */
export function createProtocols(load: (service: string) => Promise<ServiceModel | undefined>): Protocols {
  const models = new Map<string, Promise<ServiceModel | undefined>>();
  const built = new Map<string, Protocol>();
  const buildFor = async ({ service, protocol }: RequestTarget): Promise<Protocol> => {
    const loading = models.get(service) ?? load(service);
    const model = await loading;
    if (model === undefined) return build(emptyModel(service, protocol), protocol); // not kept: callers choose the name
    models.set(service, loading);
    const key = `${service} ${protocol}`;
    const known = built.get(key) ?? (await build(model, protocol));
    built.set(key, known);
    return known;
  };
  return (target) => built.get(`${target.service} ${target.protocol}`) ?? buildFor(target);
}

function build(model: ServiceModel, protocol: ProtocolName): Protocol | Promise<Protocol> {
  switch (protocol) {
    case "awsCbor1_1":
      return createCbor(model, awsCbor);
    case "awsJson1_0":
      return createAwsJson(model, "1.0");
    case "awsJson1_1":
      return createAwsJson(model, "1.1");
    case "awsQuery":
      return createAwsQuery(model);
    case "restJson1":
      return createRestJson(model);
    case "restXml":
      return createRestXml(model, toAddress);
    case "rpcV2Cbor":
      return createCbor(model, rpcV2Cbor);
  }
}

function toAddress(request: EndpointRequest): BucketAddress {
  return toBucketAddress(request.path, parseHost(request.headers["host"] ?? "").bucket);
}

function emptyModel(id: string, protocol: ProtocolName): ServiceModel {
  return {
    id,
    protocol,
    bodyBytesMax: 1024 * 1024,
    namespace: "",
    operations: new Map(),
    errors: new Map(),
    queryCodes: new Map(),
    constraints: undefined,
  };
}

import { type Delivery, type DeliveryTarget, parseArn, ServiceError } from "@tripline/kernel";

/** Finds the target of a delivery by the service in its ARN. */
export interface DeliveryRouter {
  add(target: DeliveryTarget): void;
  deliver(delivery: Delivery): Promise<void>;
}

/** A router without targets. An ARN of a service that has none is refused by name. */
export function createDeliveryRouter(): DeliveryRouter {
  const targets = new Map<string, DeliveryTarget>();
  return {
    add: (target) => {
      targets.set(target.service, target);
    },
    async deliver(delivery) {
      const service = parseArn(delivery.targetArn)?.service;
      const target = service === undefined ? undefined : targets.get(service);
      if (target === undefined) {
        throw new ServiceError(
          "InvalidParameterValue",
          `Tripline cannot deliver to ${delivery.targetArn}: it has targets for ${[...targets.keys()].sort().join(", ")}.`,
        );
      }
      await target.deliver(delivery);
    },
  };
}

import { expect, it } from "vitest";
import { invariant, isServiceError, isSimulatorError, ServiceError, SimulatorError } from "./errors.ts";

it("isServiceError and isSimulatorError know errors by their brand, also as plain copies", () => {
  const service = new ServiceError("NoSuchKey", "The specified key does not exist.", { status: 404 });
  const simulator = new SimulatorError("SIM_PORT_IN_USE", { what: "Port 1 is taken.", next: "Take another." });
  expect([isServiceError(service), isSimulatorError(service)]).toEqual([true, false]);
  expect([isServiceError(simulator), isSimulatorError(simulator)]).toEqual([false, true]);
  expect(isServiceError({ brand: service.brand })).toBe(true);
  expect(isServiceError(undefined)).toBe(false);
});

it("ServiceError derives whose fault it was from the status", () => {
  expect(new ServiceError("A", "a").fault).toBe("Sender");
  expect(new ServiceError("B", "b", { status: 503 }).fault).toBe("Receiver");
});

it("SimulatorError says what, where and what next", () => {
  expect(new SimulatorError("SIM_X", { what: "It broke.", where: "a.yaml:3", next: "Mend it." }).message).toBe(
    "SIM_X: It broke.\n  at a.yaml:3\n  Mend it.",
  );
});

it("invariant throws naming the rule that was broken", () => {
  expect(() => {
    invariant(false, "Q2");
  }).toThrow("broke its own rule Q2");
});

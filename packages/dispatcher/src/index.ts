export { createDispatcher, type Dispatcher, type DispatcherOptions, type MappingSummary } from "./create-dispatcher.ts";

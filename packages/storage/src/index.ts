export {
  type Connection,
  Database,
  type DatabaseOptions,
  type DatabaseOwner,
  openDatabase,
  readDatabaseOwner,
  type Schema,
} from "./database.ts";
export { createDocumentStore } from "./document-store.ts";
export { createScheduleStore } from "./schedule-store.ts";
export { createQueueStore } from "./queue-store.ts";
export { createObjectStore } from "./object-store.ts";
export { createUploadStore } from "./upload-store.ts";
export { createBlobStore } from "./blob-store.ts";
export { createAsyncEventStore } from "./async-event-store.ts";
export { createLogStore } from "./log-store.ts";
export { createShardLogStore } from "./shard-log-store.ts";
export { createItemStore } from "./item-store.ts";

export {
  type DeliveryFilter,
  type InvocationFilter,
  type LogFilter,
  RecordBook,
  type RecordBookOptions,
} from "./record-book.ts";

/** An asynchronous payload, bytes. */
export const asyncPayloadBytesMax = 1_048_576;

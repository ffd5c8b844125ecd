/** The text that stands for one message move task. */
export function toTaskHandle(taskId: string, sourceArn: string): string {
  return Buffer.from(JSON.stringify({ taskId, sourceArn })).toString("base64");
}

/** Undefined where the text is no handle. */
export function parseTaskHandle(text: string): { taskId: string; sourceArn: string } | undefined {
  try {
    const value = JSON.parse(Buffer.from(text, "base64").toString("utf8")) as Record<string, unknown> | null;
    const taskId = value?.["taskId"];
    const sourceArn = value?.["sourceArn"];
    return typeof taskId === "string" && typeof sourceArn === "string" ? { taskId, sourceArn } : undefined;
  } catch {
    return undefined; // not JSON
  }
}

import type { TestS3 } from "./create-test-s3.ts";

/** What of a notification tests look at. */
export interface NotifiedEvent {
  eventName: string;
  eventVersion: string;
  object: Record<string, unknown>;
}

/** Makes `bucket` notify a function of every event there is. */
export async function notifyOfEverything(test: TestS3, bucket: string): Promise<void> {
  await test.call("PutBucketNotificationConfiguration", {
    Bucket: bucket,
    NotificationConfiguration: {
      LambdaFunctionConfigurations: [
        {
          LambdaFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:import",
          Events: ["s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:ObjectTagging:*", "s3:LifecycleExpiration:*"],
        },
      ],
    },
  });
}

/** The events that were delivered since the last call, once nothing is in flight; sequencers, which vary, as `S`. */
export async function takeEvents(test: TestS3): Promise<NotifiedEvent[]> {
  await test.idle();
  return test.delivered.splice(0).map(({ body }) => {
    const { Records } = JSON.parse(Buffer.from(body).toString()) as {
      Records: [{ eventName: string; eventVersion: string; s3: { object: Record<string, unknown> } }];
    };
    const [{ eventName, eventVersion, s3 }] = Records;
    const object = "sequencer" in s3.object ? { ...s3.object, sequencer: "S" } : s3.object;
    return { eventName, eventVersion, object };
  });
}

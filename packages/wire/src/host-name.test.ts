import { expect, test } from "vitest";
import { parseHost } from "./host-name.ts";

test.each([
  ["photos.s3.us-east-1.amazonaws.com", "s3", "photos"],
  ["my.photos.s3.amazonaws.com", "s3", "my.photos"],
  ["s3-logs.s3.dualstack.eu-west-1.amazonaws.com", "s3", "s3-logs"],
  ["photos.s3-accelerate.amazonaws.com", "s3", "photos"],
  ["files.lambda-url.s3.localhost:4566", "s3", "files.lambda-url"],
  ["s3.us-east-1.amazonaws.com", "s3", undefined],
  ["Photos.S3.localhost.localstack.cloud:4566", "s3", "photos"],
  ["photos.localhost:4566", undefined, "photos"],
  ["abc123.execute-api.eu-west-1.amazonaws.com", "execute-api", undefined],
  ["abc123.execute-api.localhost:4566", "execute-api", undefined],
  ["abc123.lambda-url.eu-west-1.on.aws", "lambda-url", undefined],
  ["abc123.lambda-url.us-east-1.localhost.localstack.cloud:4566", "lambda-url", undefined],
  ["sqs.us-east-1.amazonaws.com", "sqs", undefined],
  ["us-east-1.queue.amazonaws.com", "sqs", undefined],
  ["sqs.us-east-1.localhost.localstack.cloud:4566", "sqs", undefined],
  ["streaming-logs.us-east-1.amazonaws.com", "logs", undefined],
  ["streams.dynamodb.us-east-1.amazonaws.com", "dynamodbstreams", undefined],
  ["000000000000.ddb.us-east-1.amazonaws.com", "dynamodb", undefined],
  ["lambda.us-east-1.api.aws", "lambda", undefined],
  ["ec2.us-east-1.amazonaws.com", "ec2", undefined],
  ["localhost.localstack.cloud:4566", undefined, undefined],
  ["localhost:4566", undefined, undefined],
  ["127.0.0.1:4566", undefined, undefined],
  ["example.com", undefined, undefined],
])("the host %s is of service %s, bucket %s", (host, service, bucket) => {
  expect(parseHost(host)).toEqual({ service, bucket });
});

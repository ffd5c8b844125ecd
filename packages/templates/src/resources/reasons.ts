/** Why something is without local effect, or not simulated: the texts that several types share. */
export const reasons = {
  iam: "It is not evaluated: only policies of functions decide who may call.",
  tags: "Tags change nothing here.",
  network: "There is no VPC on one machine.",
  encryption: "Data at rest is not encrypted here.",
  tracing: "Nothing is traced.",
  accessLogs: "Access logs are not written for it.",
  metrics: "There are no CloudWatch metrics.",
  deployment: "A change takes effect at once.",
  notYet: "It is not simulated.",
  image: "Container images are not simulated.",
  oneBus: "Only the default event bus is simulated.",
  domain: "Custom domains are not simulated: call the API by its own address.",
  webSocket: "WebSocket APIs are not simulated.",
  iamAuthorizer: "The authorization type AWS_IAM of HTTP APIs is not simulated: use a JWT or a Lambda authorizer.",
  targets: "Only Lambda functions and SQS queues can be reached.",
} as const;

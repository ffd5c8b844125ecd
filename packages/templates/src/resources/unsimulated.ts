/**
 * Resource types that are not simulated. Their names still resolve to plausible texts, so that the rest of the template runs.
 */
import type { Identity, IdentityContext } from "./resource-type.ts";
import { reasons } from "./reasons.ts";

/** What is known of such a type. */
export interface UnsimulatedType {
  /** Present where leaving it out changes nothing for the functions; the others are listed as not simulated. */
  withoutLocalEffect?: string;
  /** The property that holds the name. */
  name?: string;
  /** The ARN of a name; `%r` and `%a` stand for region and account, `%n` for the name. */
  arn?: string;
  /** What `Ref` gives, where it is not the name. */
  ref?: "arn";
  /** Why it is not simulated, where more can be said. */
  reason?: string;
}

const types: Readonly<Record<string, UnsimulatedType>> = {
  "AWS::ApiGateway::Account": { withoutLocalEffect: reasons.iam },
  "AWS::ApiGatewayV2::ApiGatewayManagedOverrides": { reason: "Change the API's own route, integration and stage." },
  "AWS::ApiGatewayV2::ApiMapping": { reason: reasons.domain },
  "AWS::ApiGatewayV2::DomainName": { name: "DomainName", reason: reasons.domain },
  "AWS::ApiGatewayV2::IntegrationResponse": { reason: reasons.webSocket },
  "AWS::ApiGatewayV2::Model": { reason: reasons.webSocket },
  "AWS::ApiGatewayV2::RouteResponse": { reason: reasons.webSocket },
  "AWS::ApiGatewayV2::RoutingRule": { reason: reasons.domain },
  "AWS::ApiGatewayV2::VpcLink": { reason: reasons.network },
  "AWS::ApplicationInsights::Application": { withoutLocalEffect: reasons.metrics },
  "AWS::CDK::Metadata": { withoutLocalEffect: "It describes how the template was made." },
  "AWS::CloudWatch::Alarm": { withoutLocalEffect: reasons.metrics, name: "AlarmName" },
  "AWS::CloudWatch::Dashboard": { withoutLocalEffect: reasons.metrics, name: "DashboardName" },
  "AWS::IAM::InstanceProfile": { withoutLocalEffect: reasons.iam, arn: "arn:aws:iam::%a:instance-profile/%n" },
  "AWS::Logs::LogStream": { withoutLocalEffect: "A function makes its own streams." },
  "AWS::Logs::MetricFilter": { withoutLocalEffect: reasons.metrics },
  "AWS::Logs::SubscriptionFilter": {},
  "AWS::ResourceGroups::Group": { withoutLocalEffect: "Groups change nothing here.", name: "Name" },
  "AWS::SNS::TopicPolicy": { withoutLocalEffect: reasons.iam },
  "AWS::Cognito::UserPool": { arn: "arn:aws:cognito-idp:%r:%a:userpool/%n" },
  "AWS::Events::EventBus": { name: "Name", arn: "arn:aws:events:%r:%a:event-bus/%n" },
  "AWS::KMS::Key": { arn: "arn:aws:kms:%r:%a:key/%n" },
  "AWS::SNS::Topic": { name: "TopicName", arn: "arn:aws:sns:%r:%a:%n", ref: "arn" },
  "AWS::SSM::Parameter": { name: "Name", arn: "arn:aws:ssm:%r:%a:parameter/%n" },
  "AWS::SecretsManager::Secret": { name: "Name", arn: "arn:aws:secretsmanager:%r:%a:secret:%n-tripln", ref: "arn" },
  "AWS::Serverless::StateMachine": { name: "Name", arn: "arn:aws:states:%r:%a:stateMachine:%n", ref: "arn" },
  "AWS::StepFunctions::StateMachine": {
    name: "StateMachineName",
    arn: "arn:aws:states:%r:%a:stateMachine:%n",
    ref: "arn",
  },
};

/** Every one that is known by name. */
export const unsimulatedTypes: Readonly<Record<string, UnsimulatedType>> = types;

/** Names a resource of a type that is not simulated. Any attribute gives a text. */
export function identifyUnsimulated(type: string, { scope, logicalId, property }: IdentityContext): Identity {
  const known = types[type];
  const name = (known?.name === undefined ? undefined : property(known.name)) ?? logicalId;
  const service = (type.split("::")[1] ?? "custom").toLowerCase();
  const arn = (known?.arn ?? `arn:aws:${service}:%r:%a:%n`).replace(/%[ran]/g, (key) =>
    key === "%r" ? scope.region : key === "%a" ? scope.accountId : name,
  );
  return { physicalId: name, ref: known?.ref === "arn" ? arn : name, arn, attributes: { Arn: arn } };
}

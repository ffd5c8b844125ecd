/** The clients' XML codec. Loaded by xml-codec.ts only: a module of ours, so that its names are found in a bundle too. */
export { AwsRestXmlProtocol } from "@aws-sdk/core/protocols";

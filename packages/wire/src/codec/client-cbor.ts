/** The clients' CBOR. Loaded by cbor-codec.ts only: a module of ours, so that its names are found in a bundle too. */
export { cbor, tag } from "@smithy/core/cbor";

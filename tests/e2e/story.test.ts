import { describe, inject } from "vitest";
import { storySuite } from "./story-suite.ts";
import { controlPlane, sandbox } from "./targets.ts";

describe("on the sandbox", () => storySuite(sandbox));
describe.skipIf(inject("controlPlane") === "")("on real API servers", () => storySuite(controlPlane));

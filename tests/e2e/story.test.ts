import { describe } from "vitest";
import { storySuite } from "./story-suite.ts";
import { controlPlane } from "./targets.ts";

describe("on real API servers", () => storySuite(controlPlane));

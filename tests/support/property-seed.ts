import fc from "fast-check";

/**
 * Property tests try the same cases in every run, so that a change is judged by what it changed. Other cases:
 * `STRATA_PROPERTY_SEED=<number> npx vitest run <paths>`.
 */
fc.configureGlobal({ seed: Number(process.env.STRATA_PROPERTY_SEED ?? 20_261_123) });

/** How many random walks are gone where each takes a second or more; more with `STRATA_PROPERTY_WALKS=<number>`. */
export const WALKS = Number(process.env.STRATA_PROPERTY_WALKS ?? 12);

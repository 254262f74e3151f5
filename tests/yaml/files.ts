import fc from "fast-check";
import type { TextFile } from "../../engine/yaml/index.ts";
import { kubeLike, type Written, written } from "./written.ts";

/** Files as people write them, each object once. */
export const files: fc.Arbitrary<TextFile[]> = fc
  .uniqueArray(kubeLike, {
    minLength: 1,
    maxLength: 6,
    selector: ({ kind, apiVersion, metadata }) => JSON.stringify([kind, apiVersion === "v1", metadata]),
  })
  .chain((objects) => fc.tuple(...objects.map(written)))
  .chain((documents) =>
    fc.tuple(
      fc.constant(documents as Written[]),
      fc.array(fc.tuple(fc.nat(2), fc.boolean(), fc.boolean(), fc.boolean()), { minLength: 3, maxLength: 3 }),
    ),
  )
  .map(([documents, styles]) => {
    const parts = styles.map((_, index) => documents.filter((_document, at) => at % styles.length === index));
    return styles.map(([opening, windows, mark, unended], index) => {
      const head = ["", "---\n", "--- # first\n"][opening] ?? "";
      const text = head + (parts[index] ?? []).map((part) => part.text).join("---\n");
      const ended = unended ? text.replace(/\n$/, "") : text;
      return {
        path: `${index}.yaml`,
        text: (mark && text !== "" ? "\uFEFF" : "") + (windows ? ended.replaceAll("\n", "\r\n") : ended),
      };
    });
  });

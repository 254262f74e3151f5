/**
 * A set of paths in an object, as a tree. A path is a list of path elements in their FieldsV1 notation
 * (`f:spec`, `k:{"name":"web"}`, `v:"x"`, `i:0`), in canonical form, so that equal elements are equal strings.
 * A path may be in the set with or without the paths below it.
 */
export interface FieldSet {
  /** Elements that end a path of the set here. */
  readonly members: ReadonlySet<string>;
  /** Elements that go on; none of the sets is empty. */
  readonly children: ReadonlyMap<string, FieldSet>;
}

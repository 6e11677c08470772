/**
 * The internal parts of sucrase that `transpile.ts` calls: `transform()` returns no token positions and includes a
 * source-map encoder. The package has their types at a different path.
 */
declare module "sucrase/dist/esm/HelperManager" {
  export * from "sucrase/dist/types/HelperManager";
}
declare module "sucrase/dist/esm/NameManager" {
  export { default } from "sucrase/dist/types/NameManager";
}
declare module "sucrase/dist/esm/TokenProcessor" {
  export { default } from "sucrase/dist/types/TokenProcessor";
}
declare module "sucrase/dist/esm/transformers/RootTransformer" {
  export { default } from "sucrase/dist/types/transformers/RootTransformer";
}
declare module "sucrase/dist/esm/parser" {
  export * from "sucrase/dist/types/parser";
}
declare module "sucrase/dist/esm/parser/tokenizer" {
  export * from "sucrase/dist/types/parser/tokenizer";
}
declare module "sucrase/dist/esm/parser/tokenizer/keywords" {
  export * from "sucrase/dist/types/parser/tokenizer/keywords";
}
declare module "sucrase/dist/esm/parser/tokenizer/types" {
  export * from "sucrase/dist/types/parser/tokenizer/types";
}
declare module "sucrase/dist/esm/parser/traverser/base" {
  export * from "sucrase/dist/types/parser/traverser/base";
}
declare module "sucrase/dist/esm/parser/traverser/statement" {
  export * from "sucrase/dist/types/parser/traverser/statement";
}

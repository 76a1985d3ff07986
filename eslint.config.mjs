import eslint from "@eslint/js";
import jest from "eslint-plugin-jest";
import pulumi from "@pulumi/eslint-plugin";
import tseslint from "typescript-eslint";

// Built-in modules whose functions say little without the module's name, such as `join` or `request`.
const SPOKEN_WITH_NAME = "fs|http|https|net|os|path";
// The classes of one kind lie in a module of their own; the root modules load every kind there is.
const PROVIDER_SDK = "@pulumi\\u002f(azure-native|docker|kubernetes|random)";

/** One style of imports, so that a name reads alike in every file. */
const importStyle = [
  {
    selector: "ImportDeclaration[source.value=/^node:/] > ImportDefaultSpecifier",
    message: 'Import built-in modules as `import * as fs from "node:fs"` or by name.',
  },
  {
    selector: `ImportDeclaration[importKind="value"][source.value=/^node:(${SPOKEN_WITH_NAME})$/] > ImportSpecifier`,
    message:
      "Import this built-in module as a whole: `fs.readFileSync` says more than `readFileSync`.",
  },
  {
    selector: `ImportDeclaration[source.value=/^node:(?!(${SPOKEN_WITH_NAME})$)/] > ImportNamespaceSpecifier`,
    message:
      'Import from this built-in module by name: `import { spawn } from "node:child_process"`.',
  },
  {
    selector: `ImportDeclaration[source.value=/^${PROVIDER_SDK}\\u002f(?!types\\u002f)/] > ImportNamespaceSpecifier`,
    message:
      'Import by name: `import { Vault } from "@pulumi/azure-native/keyvault/vault"`; only `types/…` as a whole.',
  },
  {
    selector: `ImportDeclaration[importKind="value"][source.value=/^${PROVIDER_SDK}$/]`,
    message: "The root module loads every kind there is: import from the module of the kind.",
  },
];

export default tseslint.config(
  { ignores: ["node_modules/", ".sandbox/", "coverage/", "**/*.mjs", "**/*.cjs"] },
  eslint.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      curly: ["error", "multi-line", "consistent"],
      "no-duplicate-imports": ["error", { allowSeparateTypeImports: true }],
      "no-restricted-syntax": ["error", ...importStyle],
    },
  },
  { files: ["**/*.js"], ...tseslint.configs.disableTypeChecked },
  {
    files: ["**/*.js"],
    languageOptions: {
      sourceType: "commonjs",
      globals: {
        process: "readonly",
        console: "readonly",
        __dirname: "readonly",
        Buffer: "readonly",
      },
    },
  },
  {
    files: ["**/*.js"],
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  {
    files: ["index.ts", "components/**", "examples/**"],
    plugins: { "@pulumi": pulumi },
    rules: {
      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "error",
    },
  },
  {
    files: ["test/**/*.test.ts"],
    plugins: { jest },
    rules: {
      "jest/valid-expect": "error",
      // These throw when what they do does not succeed.
      "jest/expect-expect": [
        "error",
        { assertFunctionNames: ["expect", "run", "pulumi", "predict", "fc.assert"] },
      ],
      "jest/no-disabled-tests": "error",
      "jest/no-focused-tests": "error",
    },
  },
);

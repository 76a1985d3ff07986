export { message } from "./advice";
export { byName, type Keys } from "./byName";
export { optional, required, withDefault } from "./option";
export { refuseCrossed, withDefaultEnds } from "./range";
export type { Report } from "./report";
export { section, type SectionCheck } from "./section";
export {
  amount,
  boolean,
  distinct,
  integer,
  name,
  oneOf,
  string,
  stringMap,
  strings,
  text,
} from "./values";
export { variant } from "./variant";

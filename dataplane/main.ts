import { EngineLog } from "./engineLog";
import { endWithEngine, endWithoutEngine } from "./engineWatch";
import { DataplaneProvider } from "./provider";
import { serve } from "./serve";
import { configure } from "./signIn/configured";

const args = process.argv.slice(2);
// The engine puts its own options, such as -v=9, before its address.
const engine = args.find((argument) => /^[^-].*:\d+$/.test(argument));
if (engine === undefined) throw new Error("this is a plugin, which the Pulumi engine starts");
endWithEngine();
endWithoutEngine(engine);
void serve(new DataplaneProvider(new EngineLog(engine)), args, configure);

import { main } from "@pulumi/pulumi/provider";
import { EngineLog } from "./engineLog";
import { endWithEngine, endWithoutEngine } from "./engineWatch";
import { DataplaneProvider } from "./provider";

const args = process.argv.slice(2);
// The engine puts its own options, such as -v=9, before its address.
const engine = args.find((argument) => /^[^-].*:\d+$/.test(argument));
if (engine === undefined) throw new Error("this is a plugin, which the Pulumi engine starts");
endWithEngine();
endWithoutEngine(engine);
void main(new DataplaneProvider(new EngineLog(engine)), args);

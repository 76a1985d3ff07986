import { main } from "@pulumi/pulumi/provider";
import { endWithEngine } from "./engineWatch";
import { DataplaneProvider } from "./provider";

endWithEngine();
void main(new DataplaneProvider(), process.argv.slice(2));

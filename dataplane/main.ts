import { main } from "@pulumi/pulumi/provider";
import { DataplaneProvider } from "./provider";

void main(new DataplaneProvider(), process.argv.slice(2));

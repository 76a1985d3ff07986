import { serve } from "../protocol";
import { AzureNative } from "./azureNative";

void serve(new AzureNative());

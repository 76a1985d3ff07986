import { serve } from "../protocol";
import { KubernetesProvider } from "./kubernetes";

void serve(new KubernetesProvider());

export { AksCluster, type AksClusterArgs } from "./aksCluster";
export { loadConfig } from "./config";
export { readFoundations } from "./foundations";
export { MlWorkspace, type MlWorkspaceArgs } from "./mlWorkspace";
export { RegisteredModel, type RegisteredModelArgs } from "./registeredModel";
export { ScoringImage, type ScoringImageArgs } from "./scoringImage";
export { ScoringService, type ScoringServiceArgs } from "./scoringService";
export { serviceOutputs, type ServiceOutputs } from "./serviceOutputs";

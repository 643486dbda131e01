// What tools are pointed at: RouteGuide and DataService with reflection and health: server.js TRANSPORT v1|v1alpha|both
import { HealthImplementation, HealthService } from "gen-stubs-runtime/health";
import {
  ReflectionImplementation,
  ServerReflectionService,
  ServerReflectionV1AlphaService,
} from "gen-stubs-runtime/reflection";
import { DataServiceService } from "../../gen/data_grpc.js";
import { file_data } from "../../gen/data_pb.js";
import { FeatureExplorerService, RouteGuideService } from "../../gen/route_guide_grpc.js";
import { file_route_guide } from "../../gen/route_guide_pb.js";
import { emit } from "../emit.js";
import { dataHandlers } from "../guides/data-handlers.js";
import { serve, type Transport } from "../transports.js";
import { featureExplorer, routeGuide } from "./route-guide.js";

const version = process.argv[3] ?? "both";
const reflection = new ReflectionImplementation([file_route_guide, file_data]);
// The run passes one of the two.
const { port, stop } = await serve(process.argv[2] as Transport, (add) => {
  add(FeatureExplorerService, featureExplorer);
  add(RouteGuideService, routeGuide);
  add(DataServiceService, dataHandlers);
  add(
    HealthService,
    new HealthImplementation({ "": "SERVING", "main.RouteGuide": "SERVING", "main.Broken": "NOT_SERVING" }),
  );
  if (version !== "v1alpha") add(ServerReflectionService, reflection);
  if (version !== "v1") add(ServerReflectionV1AlphaService, reflection);
});
emit({ port });
process.once("SIGTERM", () => void stop());

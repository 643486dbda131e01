/** A schema to begin with, one method of each kind. */
export const exampleProto = `syntax = "proto3";

package greeter.v1;

// Greets people.
service Greeter {
  // Greets one person.
  rpc Greet(GreetRequest) returns (GreetResponse);
  // Greets one person again and again.
  rpc GreetOften(GreetRequest) returns (stream GreetResponse);
  // Greets all at once.
  rpc GreetAll(stream GreetRequest) returns (GreetResponse);
  // Greets each as they come.
  rpc GreetEach(stream GreetRequest) returns (stream GreetResponse);
}

message GreetRequest {
  string name = 1;
}

message GreetResponse {
  string text = 1;
}
`;

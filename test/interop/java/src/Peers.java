import java.util.List;

/**
 * The guides' data service as grpc-java programs write it, as server and as client.
 *
 * <p>{@code server [gzip]} prints {"port":N}, then one line for each call that ended; {@code client HOST:PORT ID CASES}
 * prints one verdict for each case.
 */
public final class Peers {
  public static void main(String[] args) throws Exception {
    List<String> all = List.of(args);
    if (!all.isEmpty() && all.get(0).equals("server")) {
      DataServer.serve(all.contains("gzip"));
    } else if (all.size() == 4 && all.get(0).equals("client")) {
      DataClient.runCases(all.get(1), all.get(2), all.get(3).split(","));
    } else {
      System.err.println("usage: Peers server [gzip] | client HOST:PORT ID CASES");
      System.exit(2);
    }
  }
}

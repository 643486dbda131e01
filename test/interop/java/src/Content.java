import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What both sides know of the messages. */
final class Content {
  /** Does not fit a double: a peer that reads int64 as a number loses the last bit. */
  static final long BIG_TIMESTAMP = 9007199254740993L;

  /** Bytes whose value is their offset modulo 251, so that any chunking of them can be checked. */
  static ByteString fill(int size, int offset) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) bytes[i] = (byte) ((offset + i) % 251);
    return ByteString.copyFrom(bytes);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException error) {
      throw new IllegalStateException(error);
    }
  }

  static String hex(MessageDigest sum) {
    return HexFormat.of().formatHex(sum.digest());
  }

  static String sumOf(int size) {
    MessageDigest sum = sha256();
    sum.update(fill(size, 0).toByteArray());
    return hex(sum);
  }

  /** A JSON string. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') quoted.append('\\').append(c);
      else if (c < ' ') quoted.append(String.format("\\u%04x", (int) c));
      else quoted.append(c);
    }
    return quoted.append('"').toString();
  }

  /** Prints one line, whole. */
  static synchronized void emit(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private Content() {}
}

package org.isoflop.harness.data.formats;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.data.TokenStore;
import org.isoflop.harness.data.tokenizers.Tokenizer;

/**
 * How the ids of a file of tokens lie in it, one after the other:
 *
 * <ul>
 *   <li>nanoGPT's have no header: {@code np.uint16} written as it lies in memory, or a wider type
 *       for larger vocabularies. So has a token store's file, see {@link TokenStore}. Which width
 *       it is the numbers say: read too wide they are beyond any vocabulary, read too narrow every
 *       second one is 0.
 *   <li>llm.c's (dev/data/data_common.py) have a header of 256 {@code int32}: 20240520, version 1
 *       and the number of ids, which are {@code uint16}; or 20240801, version 7, and {@code
 *       uint32}.
 *   <li>numpy's {@code .npy} (numpy.lib.format, versions 1 to 3) say in a dictionary of Python's
 *       what they are; one dimension of integers of any width and byte order.
 * </ul>
 *
 * @param header bytes before the first id
 * @param width bytes of an id: 1, 2, 4 or 8
 * @param signed whether an id whose first bit is set is negative
 * @param count ids that the header says there are
 */
record ShardLayout(int header, int width, boolean signed, ByteOrder order, OptionalLong count) {

  private static final String NPY = "\u0093NUMPY";
  private static final String NPY_NAME = ".npy";
  private static final int NPY_VERSION_AT = NPY.length();
  private static final int NPY_LENGTH_AT = NPY_VERSION_AT + 2;
  private static final Pattern TYPE = Pattern.compile("'descr': '([<>|=]?)([a-zA-Z])(\\d*)");
  private static final Pattern SHAPE = Pattern.compile("'shape': \\(([^)]*)\\)");

  private static final int LLM_C_HEADER = 256 * Integer.BYTES;
  private static final int LLM_C_GPT2 = 20240520;
  private static final int LLM_C_LLAMA3 = 20240801;
  private static final int LLM_C_EVALUATION = 20240522;

  /** Fewer ids than this may by chance fit a width that is not theirs. */
  private static final int FEWEST_TO_TELL = 64;

  /**
   * Tells the layout of a file by its first bytes.
   *
   * @param tokenizer what made the ids
   * @throws BadInputException where a header is malformed, or nothing says how wide the ids are
   */
  static ShardLayout of(Content content, Tokenizer tokenizer) {
    byte[] start = content.start();
    String latin = new String(start, StandardCharsets.ISO_8859_1);
    if (latin.startsWith(NPY)) {
      return npy(start, latin, content.place());
    }
    if (content.isNamed(NPY_NAME)) {
      throw BadInputException.of(
          "%s: is called .npy and does not begin as such; np.save writes one", content.place());
    }
    ByteBuffer ints = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    int magic = start.length < Integer.BYTES ? 0 : ints.getInt(0);
    return switch (magic) {
      case LLM_C_GPT2 -> llmC(ints, 1, Short.BYTES, content.place());
      case LLM_C_LLAMA3 -> llmC(ints, 7, Integer.BYTES, content.place());
      case LLM_C_EVALUATION ->
          throw BadInputException.of(
              "%s: questions and answers for llm.c, not tokens of a text; leave it out",
              content.place());
      default -> headless(start, tokenizer, content.place());
    };
  }

  /** Returns the id that begins at a byte of the numbers, which are in this order. */
  long id(ByteBuffer numbers, int at) {
    return switch (width) {
      case Byte.BYTES -> signed ? numbers.get(at) : Byte.toUnsignedLong(numbers.get(at));
      case Short.BYTES ->
          signed ? numbers.getShort(at) : Short.toUnsignedLong(numbers.getShort(at));
      case Integer.BYTES ->
          signed ? numbers.getInt(at) : Integer.toUnsignedLong(numbers.getInt(at));
      default -> numbers.getLong(at);
    };
  }

  private static ShardLayout llmC(ByteBuffer ints, int version, int width, String place) {
    if (ints.capacity() < LLM_C_HEADER) {
      throw BadInputException.of(
          "%s: ends within the header of llm.c that it begins with; a whole file would do", place);
    }
    int found = ints.getInt(Integer.BYTES);
    if (found != version) {
      throw BadInputException.of(
          "%s: tokens of llm.c in version %d (%d is known); write them as nanoGPT does, or as .npy",
          place, found, version);
    }
    return new ShardLayout(
        LLM_C_HEADER,
        width,
        false,
        ByteOrder.LITTLE_ENDIAN,
        OptionalLong.of(ints.getInt(2 * Integer.BYTES)));
  }

  private static ShardLayout npy(byte[] start, String latin, String place) {
    ByteBuffer lengths = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    int version = start.length > NPY_LENGTH_AT + Integer.BYTES ? start[NPY_VERSION_AT] : 0;
    if (version < 1 || version > 3) {
      throw BadInputException.of(
          "%s: a .npy file of version %d, or cut short (1 to 3 are known); np.save writes one",
          place, version);
    }
    int begin = NPY_LENGTH_AT + (version == 1 ? Short.BYTES : Integer.BYTES);
    long end =
        begin
            + (version == 1
                ? Short.toUnsignedLong(lengths.getShort(NPY_LENGTH_AT))
                : Integer.toUnsignedLong(lengths.getInt(NPY_LENGTH_AT)));
    String header = latin.substring(begin, (int) Math.min(end, latin.length()));
    Matcher type = TYPE.matcher(header);
    Matcher shape = SHAPE.matcher(header);
    if (end > latin.length() || !type.find() || !shape.find()) {
      throw BadInputException.of(
          "%s: the header of a .npy file that is damaged or cut short, or not of plain numbers"
              + " (%s); np.save(file, ids) of an array of integers would do",
          place, header.strip());
    }
    String dimensions = shape.group(1).strip().replaceFirst(",$", "");
    int width = type.group(3).matches("[1248]") ? Integer.parseInt(type.group(3)) : 0;
    if (width == 0 || !type.group(2).matches("[iu]")) {
      throw BadInputException.of(
          "%s: numbers of numpy's type %s%s%s, not integers; ids.astype(np.uint32) would do",
          place, type.group(1), type.group(2), type.group(3));
    }
    if (!dimensions.matches("\\d{1,18}")) {
      throw BadInputException.of(
          "%s: an array of shape (%s), not of one dimension; ids.reshape(-1) would do, with the end"
              + " of text between documents",
          place, shape.group(1));
    }
    return new ShardLayout(
        (int) end,
        width,
        type.group(2).equals("i"),
        type.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
        OptionalLong.of(Long.parseLong(dimensions)));
  }

  private static ShardLayout headless(byte[] start, Tokenizer tokenizer, String place) {
    int width = tokenizer.bytesPerToken();
    for (int wider = 2 * width; wider <= Long.BYTES; wider *= 2) {
      ShardLayout layout = headless(wider);
      int ids = start.length / wider;
      if (ids > 0 && layout.fits(start, tokenizer.vocabulary())) {
        if (ids < FEWEST_TO_TELL) {
          throw BadInputException.of(
              "%s: too short to tell whether its ids have %d or %d bits; as .npy it would say so",
              place, Byte.SIZE * tokenizer.bytesPerToken(), Byte.SIZE * wider);
        }
        width = wider;
      }
    }
    return headless(width);
  }

  private static ShardLayout headless(int width) {
    return new ShardLayout(0, width, false, ByteOrder.LITTLE_ENDIAN, OptionalLong.empty());
  }

  private boolean fits(byte[] start, int vocabulary) {
    ByteBuffer numbers =
        ByteBuffer.wrap(Arrays.copyOf(start, start.length / width * width)).order(order);
    for (int at = 0; at < numbers.capacity(); at += width) {
      long id = id(numbers, at);
      if (id < 0 || id >= vocabulary) {
        return false;
      }
    }
    return true;
  }
}

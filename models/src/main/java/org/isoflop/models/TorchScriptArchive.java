package org.isoflop.models;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript module that libtorch can load: its source as it stands, and the initial
 * values of its attributes.
 *
 * <p>An archive is a zip without compression that holds the source under {@code code/}, the module
 * object as a pickle (protocol 2) in {@code data.pkl}, an empty tuple of constants, and the
 * format's version; see torch/csrc/jit/docs/serialization.md in PyTorch's sources.
 */
final class TorchScriptArchive {

  /** Value of an attribute declared {@code List[Tensor]}: an empty list. */
  static final Object EMPTY_TENSOR_LIST = new Object();

  private static final String MODULE = "__torch__";
  private static final byte[] EMPTY_TUPLE = {(byte) 0x80, 2, ')', '.'};

  private TorchScriptArchive() {}

  /**
   * Writes one module.
   *
   * @param out receives the archive; not closed
   * @param prefix folder inside the archive, the name it is loaded by
   * @param className the class in {@code source} to make an instance of
   * @param source the module's source
   * @param attributes initial value of every attribute the class declares: Integer, Boolean,
   *     Double, int[], double[] or {@link #EMPTY_TENSOR_LIST}
   */
  static void write(
      OutputStream out,
      String prefix,
      String className,
      String source,
      Map<String, Object> attributes)
      throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    addStored(zip, prefix + "/data.pkl", pickle(className, attributes));
    addStored(zip, prefix + "/code/" + MODULE + ".py", source.getBytes(StandardCharsets.UTF_8));
    addStored(zip, prefix + "/constants.pkl", EMPTY_TUPLE);
    addStored(zip, prefix + "/version", "3\n".getBytes(StandardCharsets.US_ASCII));
    zip.finish();
  }

  private static void addStored(ZipOutputStream zip, String name, byte[] content)
      throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  /**
   * Pickles {@code className.__new__()} with its state dictionary, by the opcodes of protocol 2.
   */
  private static byte[] pickle(String className, Map<String, Object> attributes)
      throws IOException {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    ascii(pickle, "\u0080\u0002"); // PROTO 2
    ascii(pickle, "c" + MODULE + "\n" + className + "\n"); // GLOBAL
    ascii(pickle, ")\u0081"); // EMPTY_TUPLE, NEWOBJ
    ascii(pickle, "}("); // EMPTY_DICT, MARK
    string(pickle, "training");
    ascii(pickle, "\u0088"); // NEWTRUE
    for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
      string(pickle, attribute.getKey());
      value(pickle, attribute.getValue());
    }
    ascii(pickle, "ub."); // SETITEMS, BUILD, STOP
    return pickle.toByteArray();
  }

  private static void value(ByteArrayOutputStream pickle, Object value) throws IOException {
    if (value == EMPTY_TENSOR_LIST) {
      list(pickle, "build_tensorlist", List.of());
    } else if (value instanceof int[] numbers) {
      list(pickle, "build_intlist", Arrays.stream(numbers).boxed().toList());
    } else if (value instanceof double[] numbers) {
      list(pickle, "build_doublelist", Arrays.stream(numbers).boxed().toList());
    } else if (value instanceof Boolean flag) {
      ascii(pickle, flag ? "\u0088" : "\u0089"); // NEWTRUE, NEWFALSE
    } else if (value instanceof Integer number) {
      pickle.write('J'); // BININT
      pickle.write(littleEndian(number));
    } else if (value instanceof Double number) {
      pickle.write('G'); // BINFLOAT, big-endian
      pickle.write(ByteBuffer.allocate(Double.BYTES).putDouble(number).array());
    } else {
      throw new IllegalArgumentException("an archive cannot hold " + value);
    }
  }

  private static void list(ByteArrayOutputStream pickle, String builder, List<?> values)
      throws IOException {
    ascii(pickle, "ctorch.jit._pickle\n" + builder + "\n]("); // GLOBAL, EMPTY_LIST, MARK
    for (Object value : values) {
      value(pickle, value);
    }
    ascii(pickle, "e\u0085R"); // APPENDS, TUPLE1, REDUCE
  }

  private static void string(ByteArrayOutputStream pickle, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    pickle.write('X'); // BINUNICODE
    pickle.write(littleEndian(utf8.length));
    pickle.write(utf8);
  }

  private static byte[] littleEndian(int number) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
  }

  private static void ascii(ByteArrayOutputStream pickle, String opcodes) throws IOException {
    pickle.write(opcodes.getBytes(StandardCharsets.ISO_8859_1));
  }
}

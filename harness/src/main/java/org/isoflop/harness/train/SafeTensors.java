package org.isoflop.harness.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads and writes float32 tensors in the safetensors format, which every PyTorch user can open:
 * the length of a JSON header, the header (name → dtype, shape, place), then the values,
 * little-endian.
 */
final class SafeTensors {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LONGEST_HEADER = 100_000_000;
  private static final int ALIGNMENT = 8;

  private SafeTensors() {}

  /**
   * One tensor.
   *
   * @param shape its dimensions
   * @param values its elements, row by row
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier between file and program, never compared
  record Tensor(int[] shape, float[] values) {}

  /** Writes tensors by name, in the map's order; the stream is not closed. */
  static void write(OutputStream out, Map<String, Tensor> tensors) throws IOException {
    ObjectNode header = JSON.createObjectNode();
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      ObjectNode description = header.putObject(entry.getKey());
      description.put("dtype", "F32");
      Arrays.stream(entry.getValue().shape()).forEach(description.putArray("shape")::add);
      long end = offset + (long) Float.BYTES * entry.getValue().values().length;
      description.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = JSON.writeValueAsBytes(header);
    int length = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] padded = Arrays.copyOf(json, length);
    Arrays.fill(padded, json.length, length, (byte) ' ');
    byte[] lengthBytes = new byte[Long.BYTES];
    littleEndian(lengthBytes).putLong(length);
    out.write(lengthBytes);
    out.write(padded);
    for (Tensor tensor : tensors.values()) {
      byte[] bytes = new byte[Math.multiplyExact(Float.BYTES, tensor.values().length)];
      littleEndian(bytes).asFloatBuffer().put(tensor.values());
      out.write(bytes);
    }
  }

  /**
   * Reads every tensor of a file, in the file's order.
   *
   * @throws IOException if the file is not whole, or holds anything but float32
   */
  static Map<String, Tensor> read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long length = readFully(channel, 0, Long.BYTES, file).getLong();
      if (length <= 0 || length > Math.min(LONGEST_HEADER, channel.size())) {
        throw new IOException(file + " is not a safetensors file");
      }
      ByteBuffer json = readFully(channel, Long.BYTES, length, file);
      JsonNode header = JSON.readTree(StandardCharsets.UTF_8.decode(json).toString());
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : header.properties()) {
        if (!entry.getKey().equals("__metadata__")) {
          JsonNode description = entry.getValue();
          if (!description.path("dtype").asText().equals("F32")) {
            throw new IOException(file + ": " + entry.getKey() + " is not float32");
          }
          int[] shape = JSON.convertValue(description.path("shape"), int[].class);
          long from = description.path("data_offsets").path(0).asLong();
          long to = description.path("data_offsets").path(1).asLong();
          ByteBuffer bytes = readFully(channel, Long.BYTES + length + from, to - from, file);
          float[] values = new float[bytes.remaining() / Float.BYTES];
          bytes.asFloatBuffer().get(values);
          tensors.put(entry.getKey(), new Tensor(shape, values));
        }
      }
      return tensors;
    }
  }

  private static ByteBuffer readFully(FileChannel channel, long position, long length, Path file)
      throws IOException {
    if (length < 0 || position + length > channel.size()) {
      throw new IOException(file + " ends too early");
    }
    ByteBuffer bytes = littleEndian(new byte[Math.toIntExact(length)]);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new IOException(file + " ends too early");
      }
    }
    return bytes.flip();
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}

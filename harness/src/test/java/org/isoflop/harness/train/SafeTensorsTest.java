package org.isoflop.harness.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.isoflop.harness.train.SafeTensors.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SafeTensorsTest {

  @TempDir private Path folder;

  @Test
  void readsBackWhatItWrites() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put(
        "layers.0.qkv", new Tensor(new int[] {2, 3}, new float[] {1, -2, 3.5f, 0, 1e-30f, 7}));
    tensors.put("bias \"q\"", new Tensor(new int[] {1}, new float[] {Float.MIN_VALUE}));
    Map<String, Tensor> read = SafeTensors.read(write(tensors));
    assertThat(read.keySet()).containsExactlyElementsOf(tensors.keySet());
    for (String name : tensors.keySet()) {
      assertThat(read.get(name).shape()).containsExactly(tensors.get(name).shape());
      assertThat(read.get(name).values()).containsExactly(tensors.get(name).values());
    }
  }

  @Test
  void followsTheFormat() throws IOException {
    Path file = write(Map.of("w", new Tensor(new int[] {1, 2}, new float[] {1, 2})));
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) bytes.getLong();
    assertThat(header % 8).isZero();
    assertThat(new String(bytes.array(), 8, header, StandardCharsets.UTF_8).strip())
        .isEqualTo("{\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}");
    assertThat(bytes.getFloat(8 + header)).isEqualTo(1f);
    assertThat(bytes.capacity()).isEqualTo(8 + header + 8);
  }

  @Test
  void refusesWhatIsNotWhole() throws IOException {
    Path file = write(Map.of("w", new Tensor(new int[] {1, 2}, new float[] {1, 2})));
    byte[] bytes = Files.readAllBytes(file);
    for (int length : new int[] {0, 7, 20, bytes.length - 1}) {
      Files.write(file, Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> SafeTensors.read(file)).isInstanceOf(IOException.class);
    }
    Files.writeString(file, "this is a text file, not tensors");
    assertThatThrownBy(() -> SafeTensors.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not a safetensors file");
  }

  private Path write(Map<String, Tensor> tensors) throws IOException {
    Path file = folder.resolve("t.safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      SafeTensors.write(out, tensors);
    }
    return file;
  }
}

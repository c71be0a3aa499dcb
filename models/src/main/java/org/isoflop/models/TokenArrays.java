package org.isoflop.models;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The train and validation tokens on a device, for every program that runs there: on the CPU the
 * given memory itself (a mapped file stays mapped), on a GPU one copy.
 */
public final class TokenArrays implements AutoCloseable {

  /** On the CPU the arrays have no memory of their own but this. */
  private final List<ByteBuffer> memory;

  private final NDManager manager;
  private final NDList arrays;
  private final Device device;

  /**
   * Puts tokens on a device.
   *
   * @param train direct buffer of the training split, little-endian where wider than a byte
   * @param validation likewise
   * @param bytesPerToken 1 (unsigned) or 4
   */
  public TokenArrays(ByteBuffer train, ByteBuffer validation, int bytesPerToken, Device device) {
    Checks.check(
        bytesPerToken == 1 || bytesPerToken == 4,
        "a token has 1 or 4 bytes here, not %d",
        bytesPerToken);
    TorchRuntime.engine();
    memory = List.of(train, validation);
    this.device = device;
    manager = NDManager.newBaseManager(device);
    arrays = new NDList();
    for (ByteBuffer split : memory) {
      Checks.check(split.isDirect(), "tokens must lie in a direct buffer");
      NDArray array =
          manager.create(
              split,
              new Shape(split.remaining() / bytesPerToken),
              bytesPerToken == 1 ? DataType.UINT8 : DataType.INT32);
      array.setName("tokens[]");
      arrays.add(array);
    }
  }

  /** Returns where the tokens are. */
  public Device device() {
    return device;
  }

  NDList arrays() {
    return arrays;
  }

  @Override
  public void close() {
    manager.close();
  }
}

package org.isoflop.models;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A TorchScript program from this package's resources, loaded on a device, whose methods can be
 * called by name.
 */
final class TorchScriptModule implements AutoCloseable {

  private static final String PREFIX = "module";

  private final NDManager manager;
  private final PtSymbolBlock block;
  private final ParameterStore parameterStore;

  private TorchScriptModule(NDManager manager, PtSymbolBlock block) {
    this.manager = manager;
    this.block = block;
    parameterStore = new ParameterStore(manager, false);
  }

  /**
   * Loads a program.
   *
   * @param resource the source's file name
   * @param className the class in it
   * @param attributes as {@link TorchScriptArchive#write} takes them
   */
  static TorchScriptModule load(
      String resource, String className, Map<String, Object> attributes, Device device) {
    TorchRuntime.engine();
    NDManager manager = NDManager.newBaseManager(device);
    try {
      ByteArrayOutputStream archive = new ByteArrayOutputStream();
      TorchScriptArchive.write(archive, PREFIX, className, source(resource), attributes);
      // Not by way of a model, which would make a folder on the disk and freeze the weights.
      PtSymbolBlock block =
          JniUtils.loadModule(
              (PtNDManager) manager,
              new ByteArrayInputStream(archive.toByteArray()),
              /* mapLocation= */ true,
              /* hasSize= */ false);
      return new TorchScriptModule(manager, block);
    } catch (IOException e) {
      manager.close();
      throw new UncheckedIOException("cannot load " + resource + ": " + e.getMessage(), e);
    } catch (EngineException e) {
      manager.close();
      throw new IllegalStateException("libtorch refuses " + resource, e);
    }
  }

  /** Returns a scope for arguments and results on the module's device. */
  NDManager newScope() {
    return manager.newSubManager();
  }

  /**
   * Calls a method. Arrays that share a name ending in {@code []} arrive as one list; what the
   * method returns belongs to the first argument's manager.
   */
  NDList call(String method, NDList arguments) {
    // DJL picks the method by the name of one more array.
    try (NDArray selector = manager.create(0)) {
      selector.setName("module_method:" + method);
      NDList inputs = new NDList(arguments);
      inputs.add(selector);
      return block.forward(parameterStore, inputs, true);
    }
  }

  @Override
  public void close() {
    block.close();
    manager.close();
  }

  private static String source(String resource) throws IOException {
    try (InputStream in = TorchScriptModule.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

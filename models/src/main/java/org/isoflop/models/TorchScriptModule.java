package org.isoflop.models;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A TorchScript program from this package's resources, loaded on a device, whose methods can be
 * called by name.
 */
final class TorchScriptModule implements AutoCloseable {

  private static final String PREFIX = "module";

  private final NDManager manager;
  private final Model model;
  private final ParameterStore parameterStore;

  private TorchScriptModule(Device device, Model model) {
    this.model = model;
    manager = NDManager.newBaseManager(device);
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
    Model model = Model.newInstance(PREFIX, device);
    try {
      Path archive = Files.createTempFile("isoflop", ".pt");
      try {
        try (OutputStream out = Files.newOutputStream(archive)) {
          TorchScriptArchive.write(out, PREFIX, className, source(resource), attributes);
        }
        // By path and with trainParam, or DJL freezes the module for inference.
        model.load(archive, PREFIX, Map.of("trainParam", "true", "mapLocation", "true"));
      } finally {
        Files.delete(archive);
      }
      return new TorchScriptModule(device, model);
    } catch (IOException e) {
      model.close();
      throw new UncheckedIOException("cannot load " + resource + ": " + e.getMessage(), e);
    } catch (MalformedModelException e) {
      model.close();
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
      return model.getBlock().forward(parameterStore, inputs, true);
    }
  }

  @Override
  public void close() {
    model.close();
    manager.close();
  }

  private static String source(String resource) throws IOException {
    try (InputStream in = TorchScriptModule.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

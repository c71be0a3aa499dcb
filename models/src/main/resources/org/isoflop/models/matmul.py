# Products of two square matrices, one after the other: about the best a device can do, to hold
# training throughput against. TorchScript; see decoder.py.


class Matmul(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  compute_dtype : int

  # As many products as repeats has elements; returns one number, so that the device must finish.
  def multiply(self, a, b, repeats):
    a = a.to(self.compute_dtype)
    b = b.to(self.compute_dtype)
    product = torch.mm(a, b)
    for i in range(torch.size(repeats, 0) - 1):
      product = torch.mm(a, b)
    return torch.sum(product).to(6)

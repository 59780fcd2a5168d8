#include "runtime/named/vector_output.h"

namespace vecgate::runtime {

void WriteRows(const google::protobuf::RepeatedField<float>& data, uint32_t rows, JsonWriter& writer) {
  if (rows == 0 || static_cast<uint32_t>(data.size()) % rows != 0) return writer.Floats(data);
  const int width = data.size() / static_cast<int>(rows);
  writer.StartArray();
  for (auto row = data.begin(); row != data.end(); row += width) {
    writer.Floats(google::protobuf::RepeatedField<float>(row, row + width));
  }
  writer.EndArray();
}

}  // namespace vecgate::runtime

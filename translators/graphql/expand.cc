#include "graphql/expand.h"

#include <new>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "graphql/value_text.h"

namespace vecgate::graphql {
namespace {

bool SameArguments(const Selection& a, const Selection& b) {
  size_t given = 0;
  for (const Value& argument : a.arguments) {
    const Value* other = b.arguments.Find(argument.name);
    if (other == nullptr || Graphql(argument) != Graphql(*other)) return false;
    ++given;
  }
  for ([[maybe_unused]] const Value& argument : b.arguments) --given;
  return given == 0;
}

}  // namespace

class Expander {
 public:
  Expander(const Document& document, const Variables& variables, Expansion* expansion)
      : document_(document), variables_(variables), expansion_(*expansion) {}

  bool Expand(Chain<Selection> selections) { return Merge({selections}, &expansion_.fields_); }
  std::optional<Fault> TakeFault() { return std::move(fault_); }

 private:
  // Fields of one pair of braces as they are found, and the braces that belong to each.
  struct Found {
    Field* field;
    std::vector<Chain<Selection>> selections;
  };
  struct Set {
    std::vector<Found> fields;
    std::unordered_map<std::string, size_t> places;  // by key and type
  };

  bool Fail(std::string message, std::vector<Location> locations) {
    fault_ = Fault{std::move(message), std::move(locations)};
    return false;
  }

  // All of one field's braces make one list of fields.
  bool Merge(const std::vector<Chain<Selection>>& braces, Chain<Field>* fields) {
    if (++depth_ > document_.options().max_depth) return Fail("Document is nested too deeply.", {});
    Set set;
    for (const Chain<Selection> selections : braces)
      if (!Collect(selections, "", &set)) return false;
    Field* last = nullptr;
    for (Found& found : set.fields) {
      if (last != nullptr) last->next = found.field;
      else *fields = Chain<Field>(found.field);
      last = found.field;
      if (!found.selections.empty() && !Merge(found.selections, &found.field->fields)) return false;
    }
    --depth_;
    return true;
  }

  bool Collect(Chain<Selection> selections, std::string_view on, Set* set) {
    if (++depth_ > document_.options().max_depth) return Fail("Document is nested too deeply.", {});
    for (const Selection& selection : selections) {
      if (++looked_at_ > document_.options().max_fields) return Fail("Document asks for too many fields.", {});
      if (!IsWanted(selection.directives)) continue;
      if (selection.kind == Selection::Kind::kField) {
        if (!Add(selection, on, set)) return false;
        continue;
      }
      const Fragment* fragment =
          selection.kind == Selection::Kind::kSpread ? document_.FindFragment(selection.name) : nullptr;
      const std::string_view type = fragment == nullptr ? selection.name : fragment->type;
      const Chain<Selection> inner = fragment == nullptr ? selection.selections : fragment->selections;
      if (!Collect(inner, type.empty() ? on : type, set)) return false;
    }
    --depth_;
    return true;
  }

  bool Add(const Selection& selection, std::string_view on, Set* set) {
    const auto [place, added] =
        set->places.try_emplace(std::string(selection.key).append(" ").append(on), set->fields.size());
    if (added) {
      Field* field = new (expansion_.arena_.allocate(sizeof(Field), alignof(Field))) Field;
      *field = {selection.key, selection.name, on, selection.offset, selection.arguments, Chain<Field>(), nullptr, false, &selection};
      set->fields.push_back({field, {}});
    }
    Found& found = set->fields[place->second];
    if (!added) {
      const Selection& first = *found.field->selection;
      std::string reason;
      if (first.name != selection.name)
        reason = std::string(first.name) + " and " + std::string(selection.name) + " are different fields";
      else if (!SameArguments(first, selection))
        reason = "they have differing arguments";
      if (!reason.empty())
        return Fail("Fields \"" + std::string(selection.key) + "\" conflict because " + reason +
                        ". Use different aliases on the fields to fetch both if this was intentional.",
                    {document_.LocationOf(first.offset), document_.LocationOf(selection.offset)});
    }
    if (!selection.selections.empty()) {
      found.selections.push_back(selection.selections);
      found.field->has_braces = true;
    }
    return true;
  }

  bool IsWanted(Chain<Directive> directives) const {
    for (const Directive& directive : directives) {
      const Value* condition = directive.arguments.Find("if");
      const bool on = condition != nullptr && Json(*condition, variables_) == "true";
      if (on != (directive.name == "include")) return false;
    }
    return true;
  }

  const Document& document_;
  const Variables& variables_;
  Expansion& expansion_;
  uint32_t depth_ = 0;
  uint32_t looked_at_ = 0;
  std::optional<Fault> fault_;
};

std::optional<Fault> Expansion::Expand(const Document& document, const Operation& operation,
                                       const Variables& variables) {
  Expander expander(document, variables, this);
  if (expander.Expand(operation.selections)) return std::nullopt;
  return expander.TakeFault();
}

}  // namespace vecgate::graphql

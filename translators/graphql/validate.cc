#include "graphql/validate.h"

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "graphql/value_text.h"
#include "graphql/variables.h"

namespace vecgate::graphql {
namespace {

std::string Quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

class Validator {
 public:
  explicit Validator(const Document& document) : document_(document) {}

  std::vector<Fault> Run() {
    size_t operations = 0;
    for ([[maybe_unused]] const Operation& operation : document_.operations()) ++operations;
    std::unordered_map<std::string_view, uint32_t> names;
    for (const Operation& operation : document_.operations()) {
      if (operation.name.empty() && operations > 1)
        Tell("This anonymous operation must be the only defined operation.", {operation.offset});
      Unique(&names, operation.name, operation.name_offset, "There can only be one operation named ");
      Check(operation);
    }
    std::unordered_map<std::string_view, uint32_t> fragment_names;
    for (const Fragment& fragment : document_.fragments()) {
      Unique(&fragment_names, fragment.name, fragment.name_offset, "There can only be one fragment named ");
      CheckDirectives(fragment.directives, "FRAGMENT_DEFINITION");
      CheckSelections(fragment.selections);
    }
    FindCycles();
    for (const Fragment& fragment : document_.fragments())
      if (!used_fragments_.contains(fragment.name))
        Tell("Fragment " + Quoted(fragment.name) + " is never used.", {fragment.offset});
    return std::move(faults_);
  }

 private:
  // A use of a variable, or a spread, by the fragment or operation that holds it.
  struct Contents {
    std::vector<const Value*> variables;
    std::vector<const Value*> conditions;  // those of them that directives go by
    std::vector<const Selection*> spreads;
  };

  void Tell(std::string message, std::initializer_list<uint32_t> offsets) {
    if (faults_.size() >= kMaxFaults) return;
    Fault& fault = faults_.emplace_back(Fault{std::move(message), {}});
    for (const uint32_t offset : offsets) fault.locations.push_back(document_.LocationOf(offset));
  }

  void Unique(std::unordered_map<std::string_view, uint32_t>* seen, std::string_view name, uint32_t offset,
              std::string_view text) {
    const auto [first, added] = seen->try_emplace(name, offset);
    if (!added) Tell(std::string(text) + Quoted(name) + ".", {first->second, offset});
  }

  // --- one operation -------------------------------------------------------------------------------------

  void Check(const Operation& operation) {
    std::unordered_map<std::string_view, uint32_t> names;
    for (const VariableDefinition& definition : operation.variables) {
      // The name stands behind the dollar.
      Unique(&names, definition.name, definition.offset + 1, "There can only be one variable named ");
      if (definition.default_value == nullptr) continue;
      CheckMembers(*definition.default_value);
      if (std::string messages = DefaultFaults(definition); !messages.empty())
        Tell("Variable " + Quoted("$" + std::string(definition.name)) + " has invalid default value: " +
                 Graphql(*definition.default_value) + "." + messages,
             {definition.default_value->offset});
      if (!definition.type.ends_with('!')) continue;
      const std::string_view type = definition.type;
      Tell("Variable " + Quoted("$" + std::string(definition.name)) + " of type " + Quoted(type) +
               " is required and will not use the default value. Perhaps you meant to use type " +
               Quoted(type.substr(0, type.size() - 1)) + ".",
           {definition.default_value->offset});
    }
    CheckDirectives(operation.directives, PlaceOf(operation));
    CheckSelections(operation.selections);
    const std::string by = operation.name.empty() ? "" : " by operation " + Quoted(operation.name);
    const std::string in = operation.name.empty() ? "" : " in operation " + Quoted(operation.name);
    std::unordered_set<std::string_view> used;
    const Contents contents = ContentsOf(operation);
    for (const Value* use : contents.variables) {
      used.insert(use->text);
      if (!names.contains(use->text))
        Tell("Variable \"$" + std::string(use->text) + "\" is not defined" + by + ".", {use->offset, operation.offset});
    }
    for (const Value* use : contents.conditions)
      if (const VariableDefinition* definition = operation.variables.Find(use->text);
          definition != nullptr && !MayStandFor(*definition, "Boolean!"))
        Tell(WrongPosition(*definition, "Boolean!"), {definition->offset, use->offset});
    for (const VariableDefinition& definition : operation.variables)
      if (!used.contains(definition.name))
        Tell("Variable \"$" + std::string(definition.name) + "\" is never used" + in + ".", {definition.offset});
  }

  // Of an operation and of all fragments that it reaches; notes these as used.
  Contents ContentsOf(const Operation& operation) {
    Contents found;
    Collect(operation.directives, &found);
    Collect(operation.selections, &found);
    std::unordered_set<std::string_view> reached;
    for (size_t i = 0; i < found.spreads.size(); ++i) {
      const std::string_view name = found.spreads[i]->name;
      const Fragment* fragment = document_.FindFragment(name);
      if (fragment == nullptr || !reached.insert(name).second) continue;
      used_fragments_.insert(name);
      Collect(fragment->directives, &found);
      Collect(fragment->selections, &found);
    }
    return found;
  }

  // Operations that share large fragments could make this quadratic; it stops instead, and the document is refused.
  bool Spend() {
    if (++spent_ == kMaxWork) Tell("Document is too complex.", {});
    return spent_ < kMaxWork;
  }
  void Collect(Chain<Directive> directives, Contents* contents) {
    for (const Directive& directive : directives) {
      Collect(directive.arguments, contents);
      for (const Value& argument : directive.arguments)
        if (argument.name == "if" && argument.kind == Value::Kind::kVariable) contents->conditions.push_back(&argument);
    }
  }
  void Collect(Chain<Value> values, Contents* contents) {
    for (const Value& value : values) {
      if (!Spend()) return;
      if (value.kind == Value::Kind::kVariable) contents->variables.push_back(&value);
      Collect(value.children, contents);
    }
  }
  void Collect(Chain<Selection> selections, Contents* contents) {
    for (const Selection& selection : selections) {
      if (!Spend()) return;
      if (selection.kind == Selection::Kind::kSpread) contents->spreads.push_back(&selection);
      Collect(selection.arguments, contents);
      Collect(selection.directives, contents);
      Collect(selection.selections, contents);
    }
  }

  // --- selections and what belongs to them -----------------------------------------------------------------

  void CheckSelections(Chain<Selection> selections) {
    for (const Selection& selection : selections) {
      CheckArguments(selection.arguments);
      CheckDirectives(selection.directives, PlaceOf(selection));
      if (selection.kind == Selection::Kind::kSpread && document_.FindFragment(selection.name) == nullptr)
        Tell("Unknown fragment " + Quoted(selection.name) + ".", {selection.name_offset});
      CheckSelections(selection.selections);
    }
  }

  void CheckArguments(Chain<Value> arguments) {
    std::unordered_map<std::string_view, uint32_t> names;
    for (const Value& argument : arguments) {
      Unique(&names, argument.name, argument.name_offset, "There can be only one argument named ");
      CheckMembers(argument);
    }
  }

  void CheckMembers(const Value& value) {
    std::unordered_map<std::string_view, uint32_t> names;
    for (const Value& child : value.children) {
      if (value.kind == Value::Kind::kObject)
        Unique(&names, child.name, child.name_offset, "There can be only one input field named ");
      CheckMembers(child);
    }
  }

  static std::string_view PlaceOf(const Operation& operation) {
    switch (operation.type) {
      case Operation::Type::kMutation: return "MUTATION";
      case Operation::Type::kSubscription: return "SUBSCRIPTION";
      default: return "QUERY";
    }
  }
  static std::string_view PlaceOf(const Selection& selection) {
    switch (selection.kind) {
      case Selection::Kind::kSpread: return "FRAGMENT_SPREAD";
      case Selection::Kind::kInline: return "INLINE_FRAGMENT";
      default: return "FIELD";
    }
  }

  void CheckDirectives(Chain<Directive> directives, std::string_view place) {
    const bool takes = place == "FIELD" || place == "FRAGMENT_SPREAD" || place == "INLINE_FRAGMENT";
    for (const Directive& directive : directives) {
      const std::string name(directive.name);
      CheckArguments(directive.arguments);
      const bool conditional = name == "include" || name == "skip";
      // That one is for definitions of types.
      if (!conditional && name != "deprecated") {
        Tell("Unknown directive " + Quoted(name) + ".", {directive.offset});
        continue;
      }
      if (!conditional || !takes)
        Tell("Directive " + Quoted(name) + " may not be used on " + std::string(place) + ".", {directive.offset});
      if (conditional) CheckCondition(directive);
    }
  }

  void CheckCondition(const Directive& directive) {
    const std::string name = Quoted("@" + std::string(directive.name));
    for (const Value& argument : directive.arguments) {
      if (argument.name != "if")
        Tell("Unknown argument " + Quoted(argument.name) + " on directive " + name + ".", {argument.name_offset});
      else if (argument.kind != Value::Kind::kBool && argument.kind != Value::Kind::kVariable)
        Tell("Argument \"if\" has invalid value " + Graphql(argument) + ".\nExpected type \"Boolean\", found " +
                 Graphql(argument) + ".",
             {argument.offset});
    }
    if (directive.arguments.Find("if") == nullptr)
      Tell("Directive " + name + " argument \"if\" of type \"Boolean!\" is required but not provided.",
           {directive.offset});
  }

  // --- fragments -------------------------------------------------------------------------------------------

  // Depth first, without recursion: a chain of fragments may be as long as the document.
  void FindCycles() {
    struct Step {
      const Fragment* fragment;
      std::vector<const Selection*> spreads;
      size_t next;
    };
    std::unordered_set<std::string_view> visited;
    for (const Fragment& start : document_.fragments()) {
      if (visited.contains(start.name)) continue;
      std::unordered_map<std::string_view, size_t> place;  // of a fragment on the path
      std::vector<Step> path;
      const auto enter = [&](const Fragment& fragment) {
        Contents contents;
        Collect(fragment.selections, &contents);
        visited.insert(fragment.name);
        place[fragment.name] = path.size();
        path.push_back({&fragment, std::move(contents.spreads), 0});
      };
      enter(start);
      while (!path.empty()) {
        Step& step = path.back();
        if (step.next == step.spreads.size()) {
          place.erase(step.fragment->name);
          path.pop_back();
          continue;
        }
        const Selection* spread = step.spreads[step.next++];
        if (const auto cycle = place.find(spread->name); cycle != place.end()) {
          TellCycle(spread->name, [&](const auto& add) {
            for (size_t i = cycle->second; i < path.size(); ++i) add(*path[i].spreads[path[i].next - 1]);
          });
        } else if (const Fragment* fragment = document_.FindFragment(spread->name);
                   fragment != nullptr && !visited.contains(spread->name)) {
          enter(*fragment);
        }
      }
    }
  }

  // The last of the spreads closes the cycle.
  template <class ForEach>
  void TellCycle(std::string_view name, const ForEach& for_each) {
    std::string via;
    std::vector<uint32_t> offsets;
    std::vector<std::string_view> names;
    for_each([&](const Selection& spread) {
      offsets.push_back(spread.offset);
      names.push_back(spread.name);
    });
    for (size_t i = 0; i + 1 < names.size(); ++i) via.append(i == 0 ? " via " : ", ").append(names[i]);
    if (faults_.size() >= kMaxFaults) return;
    Tell("Cannot spread fragment " + Quoted(name) + " within itself" + via + ".", {});
    for (size_t i = 0; i < offsets.size() && i < kMaxFaults; ++i)
      faults_.back().locations.push_back(document_.LocationOf(offsets[i]));
  }

  static constexpr size_t kMaxWork = 20'000'000;

  const Document& document_;
  size_t spent_ = 0;
  std::vector<Fault> faults_;
  std::unordered_set<std::string_view> used_fragments_;
};

}  // namespace

std::vector<Fault> Validate(const Document& document) { return Validator(document).Run(); }

}  // namespace vecgate::graphql

// A table is a plain struct and one declaration; see docs/storage.md for a worked example.
//
//   struct CommentByVideo {
//     VideoId videoid;
//     CommentId commentid;
//     std::string comment;
//   };
//   BOOST_DESCRIBE_STRUCT(CommentByVideo, (), (videoid, commentid, comment))
//
//   inline const Table<CommentByVideo, Partition<&CommentByVideo::videoid>,
//                      Clustering<Descending<&CommentByVideo::commentid>>>
//       comments_by_video{"comments_by_video"};
//
// Member names are the column names. The members of the key come first, in the order of the key.
#pragma once

#include <array>
#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "storage/cql.hpp"

namespace killrvideo::storage {

enum class KeyPart : std::uint8_t { none, partition, clustering_ascending, clustering_descending };

struct ColumnInfo {
  std::string name;
  Type type;
  std::uint32_t dimension = 0;  ///< of a vector
  KeyPart part = KeyPart::none;
};

using ColumnIndex = std::uint16_t;

/// How the rows of a table are written and read. Engines choose the layout of files by it.
enum class AccessPattern : std::uint8_t {
  lookups,  ///< written occasionally, read by key
  history,  ///< appended, hardly ever changed, read from one end
  queue,    ///< removed soon after they were written
};

/// The declaration of a table for engines. Columns: partition key, clustering key, then the others.
struct TableInfo {
  std::string name;
  std::vector<ColumnInfo> columns;
  std::size_t partition_size = 0;  ///< columns in the partition key
  std::size_t key_size = 0;        ///< columns in the primary key
  /// Rows expire this long after they were inserted; 0: never. Rows that expire are only inserted
  /// and removed, never updated.
  std::chrono::seconds ttl{0};
  bool counters = false;  ///< all columns outside the key are counters
  AccessPattern access = AccessPattern::lookups;
};

template <auto... Members>
struct Partition {};
template <auto Member>
struct Ascending {
  static constexpr auto member = Member;
  static constexpr KeyPart part = KeyPart::clustering_ascending;
};
template <auto Member>
struct Descending {
  static constexpr auto member = Member;
  static constexpr KeyPart part = KeyPart::clustering_descending;
};
template <class... Columns>
struct Clustering {};

namespace detail {

/// Records the name of a declared table for missing_tables().
void remember_table(const std::string& name);

template <auto Member>
using Constant = std::integral_constant<decltype(Member), Member>;

template <class>
struct MemberType;
template <class Class, class T>
struct MemberType<T Class::*> {
  using type = T;
};
template <auto Member>
using MemberTypeOf = typename MemberType<decltype(Member)>::type;

template <class Described>
using MemberConstant = Constant<Described::pointer>;

template <class Described>
using IsCounter =
    std::is_same<typename ColumnType<MemberTypeOf<Described::pointer>>::type, Counter>;

}  // namespace detail

template <class RowType, class PartitionKey, class ClusteringKey = Clustering<>>
class Table;

template <class RowType, auto... PartitionMembers, class... ClusteringColumns>
class Table<RowType, Partition<PartitionMembers...>, Clustering<ClusteringColumns...>>
    : public TableInfo {
  using Described = boost::describe::describe_members<RowType, boost::describe::mod_public>;
  using KeyMembers = boost::mp11::mp_list<detail::Constant<PartitionMembers>...,
                                          detail::Constant<ClusteringColumns::member>...>;
  static constexpr std::size_t partition_columns = sizeof...(PartitionMembers);
  static constexpr std::size_t key_columns = boost::mp11::mp_size<KeyMembers>::value;
  static constexpr std::size_t all_columns = boost::mp11::mp_size<Described>::value;
  static constexpr std::size_t counter_columns =
      boost::mp11::mp_count_if<Described, detail::IsCounter>::value;

  static_assert(partition_columns > 0, "a table needs a partition key");
  static_assert(
      std::is_same_v<boost::mp11::mp_rename<
                         boost::mp11::mp_transform<detail::MemberConstant,
                                                   boost::mp11::mp_take_c<Described, key_columns>>,
                         boost::mp11::mp_list>,
                     KeyMembers>,
      "the key's members come first in the struct, in the order of the key");
  static_assert(counter_columns == 0 || counter_columns == all_columns - key_columns,
                "outside the key, a table has counters only or none");

 public:
  using Row = RowType;
  static constexpr bool has_counters = counter_columns > 0;
  using PartitionTuple = std::tuple<detail::MemberTypeOf<PartitionMembers>...>;
  using ClusteringTuple = std::tuple<detail::MemberTypeOf<ClusteringColumns::member>...>;
  /// The primary key's columns.
  using Key = std::tuple<detail::MemberTypeOf<PartitionMembers>...,
                         detail::MemberTypeOf<ClusteringColumns::member>...>;

  /// Rows vanish `time_to_live` after they were inserted, so the table is an
  /// AccessPattern::queue.
  explicit Table(std::string table_name, std::chrono::seconds time_to_live)
      : Table(std::move(table_name), AccessPattern::queue, time_to_live) {}

  explicit Table(std::string table_name, AccessPattern pattern = AccessPattern::lookups,
                 std::chrono::seconds time_to_live = {}) {
    name = std::move(table_name);
    detail::remember_table(name);
    access = pattern;
    ttl = time_to_live;
    partition_size = partition_columns;
    key_size = key_columns;
    constexpr std::array<KeyPart, sizeof...(ClusteringColumns) + 1> order{
        ClusteringColumns::part..., KeyPart::none};
    boost::mp11::mp_for_each<Described>([&](auto member) {
      using T = typename ColumnType<detail::MemberTypeOf<decltype(member)::pointer>>::type;
      std::size_t index = columns.size();
      KeyPart part = index < partition_columns ? KeyPart::partition
                     : index < key_columns     ? order[index - partition_columns]
                                               : KeyPart::none;
      columns.push_back({member.name, Cql<T>::type, dimension_of<T>, part});
    });
    counters = has_counters;
  }

  /// A row's primary key.
  static Key key_tuple_of(const Row& row) {
    return Key{row.*PartitionMembers..., row.*ClusteringColumns::member...};
  }

  static Values key_of(const Row& row) {
    Values key;
    boost::mp11::mp_for_each<boost::mp11::mp_take_c<Described, key_columns>>(
        [&](auto member) { append_value(key, row.*member.pointer); });
    return key;
  }

  /// The values of the columns outside the key, in order.
  static Values values_of(const Row& row) {
    Values values;
    boost::mp11::mp_for_each<boost::mp11::mp_drop_c<Described, key_columns>>(
        [&](auto member) { append_value(values, row.*member.pointer); });
    return values;
  }

  /// Indices of the columns outside the key.
  static std::span<const ColumnIndex> value_columns() {
    static constexpr auto indices = [] {
      std::array<ColumnIndex, all_columns - key_columns> result{};
      for (std::size_t i = 0; i < result.size(); ++i)
        result[i] = static_cast<ColumnIndex>(key_columns + i);
      return result;
    }();
    return indices;
  }

  /// Indices of the columns of these members, none of which is part of the key.
  template <auto... Members>
  static std::span<const ColumnIndex> columns_of() {
    static constexpr std::array<ColumnIndex, sizeof...(Members)> indices{index_of<Members>()...};
    static_assert(((index_of<Members>() >= key_columns) && ...), "a key cannot be written");
    return indices;
  }

  /// Reads a row from its cells, of which there is one for each column: the key and `Members`, or
  /// everything if none are named. What is not read is as a new Row has it.
  template <auto... Members>
  static Row row_of(std::span<const Cell> cells) {
    Row row{};
    std::size_t index = 0;
    boost::mp11::mp_for_each<Described>([&](auto member) {
      const Cell cell = cells[index++];
      using Member = detail::MemberConstant<decltype(member)>;
      if constexpr (sizeof...(Members) == 0 ||
                    boost::mp11::mp_contains<KeyMembers, Member>::value ||
                    (std::is_same_v<Member, detail::Constant<Members>> || ...))
        read_value(cell, row.*member.pointer);
    });
    return row;
  }

 private:
  template <auto Member>
  static constexpr ColumnIndex index_of() {
    using Members = boost::mp11::mp_transform<detail::MemberConstant, Described>;
    constexpr std::size_t index = boost::mp11::mp_find<Members, detail::Constant<Member>>::value;
    static_assert(index < all_columns, "not a member of the row");
    return static_cast<ColumnIndex>(index);
  }
};

/// The values of a key or of the first columns of one, each of exactly the column's type.
template <class... Columns>
Values values_from(const std::tuple<Columns...>& tuple) {
  Values values;
  std::apply([&](const auto&... column) { (append_value(values, column), ...); }, tuple);
  return values;
}

}  // namespace killrvideo::storage
